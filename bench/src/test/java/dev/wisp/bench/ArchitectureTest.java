package dev.wisp.bench;

import dev.wisp.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void keepsTheRules() {
        ArchitectureRules.check("dev.wisp.bench");
    }
}
