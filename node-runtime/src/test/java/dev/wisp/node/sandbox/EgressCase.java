package dev.wisp.node.sandbox;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;

/** Tests that share a runtime with egress: one for each class, and sandboxes end with each test. */
abstract class EgressCase {

    static EgressFixture egress;

    @BeforeAll
    static void open(TestInfo tests) throws IOException {
        String name = tests.getTestClass().orElseThrow().getSimpleName();
        egress = EgressFixture.open(
                name.substring(0, name.length() - "IT".length()).toLowerCase(Locale.ROOT));
    }

    @AfterEach
    void endSandboxes() {
        egress.endSandboxes();
    }

    @AfterAll
    static void close() throws IOException {
        if (egress != null) {
            egress.close();
        }
    }
}
