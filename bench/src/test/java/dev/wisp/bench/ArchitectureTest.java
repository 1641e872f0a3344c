package dev.wisp.bench;

import dev.wisp.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void keepsTheRules() {
        // It measures the ledger and the planner themselves, and no service depends on it.
        ArchitectureRules.check("dev.wisp.bench", "dev.wisp.billing", "dev.wisp.autoscaler");
    }
}
