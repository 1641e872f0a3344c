package dev.wisp.gateway;

import dev.wisp.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void keepsTheRulesOfTheProject() {
        ArchitectureRules.check("dev.wisp.gateway");
    }
}
