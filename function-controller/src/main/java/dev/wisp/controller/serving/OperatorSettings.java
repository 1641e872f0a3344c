package dev.wisp.controller.serving;

import dev.wisp.controller.policy.OperatorTerms;
import dev.wisp.controller.route.ServingConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The operator's terms, read when the process starts, so that a mistake in them is seen at once and not by the first who deploys. */
@Singleton
class OperatorSettings {

    private final OperatorTerms terms;

    OperatorSettings(ServingConfig config) {
        this.terms = new OperatorTerms(config.webhooks(), config.defaultAnnotations());
    }

    void start(@Observes StartupEvent event) {
        // Being made is all there is to do.
    }

    OperatorTerms terms() {
        return terms;
    }
}
