package dev.wisp.billing.budget;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Who is told when a threshold is crossed. */
@ConfigMapping(prefix = "wisp.billing.budget")
public interface BudgetConfig {

    /**
     * Where events are posted; without it they are noted and nobody is told. It stands in the configuration and not in a budget, so that
     * who may set a budget cannot make this process call an address of their choice.
     */
    Optional<URI> webhook();

    /** Signs each event; at least 16 characters, needed with a webhook. */
    Optional<String> webhookSecret();

    /** How often spending is compared with budgets. */
    @WithDefault("1s")
    Duration period();
}
