package dev.wisp.controller.serving;

import dev.wisp.controller.policy.OperatorTerms;
import dev.wisp.controller.route.ServingConfig;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;

/** The operator's terms, read when the process starts, so that a mistake in them is seen at once and not by the first who deploys. */
@Startup
@Singleton
class OperatorSettings {

    private final OperatorTerms terms;

    OperatorSettings(ServingConfig config) {
        this.terms = new OperatorTerms(config.webhooks(), config.defaultAnnotations());
    }

    OperatorTerms terms() {
        return terms;
    }
}
