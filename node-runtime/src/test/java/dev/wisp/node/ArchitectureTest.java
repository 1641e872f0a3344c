package dev.wisp.node;

import dev.wisp.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void keepsTheRules() {
        ArchitectureRules.check("dev.wisp.node");
    }
}
