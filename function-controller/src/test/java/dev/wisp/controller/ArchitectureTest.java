package dev.wisp.controller;

import dev.wisp.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void keepsTheRules() {
        ArchitectureRules.check("dev.wisp.controller");
    }
}
