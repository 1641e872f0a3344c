package dev.wisp.cli;

import dev.wisp.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void keepsTheRulesOfTheProject() {
        ArchitectureRules.check("dev.wisp.cli");
    }
}
