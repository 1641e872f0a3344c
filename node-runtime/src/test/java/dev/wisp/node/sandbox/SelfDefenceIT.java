package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Workloads that take all they can get, each beside a sandbox that has to keep answering, under a runtime that has to keep starting others; what was taken is told in
 * the log of the one that took it.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SelfDefenceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static SandboxFixture fixture;
    private static Sandbox neighbour;

    @BeforeAll
    static void open() throws IOException {
        fixture = SandboxFixture.open("defence", 2);
        neighbour = fixture.start("serve");
    }

    @AfterAll
    static void close() throws IOException {
        if (fixture != null) {
            fixture.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bomb        | PROCESSES      | limit reached: it has the 64 processes and threads it may have",
                "children    | PROCESSES      | limit reached: it has the 64 processes and threads it may have",
                "descriptors | OPEN_FILES     | limit reached: process 1 has the 4096 open files it may have",
                "disk        | WRITABLE_BYTES | limit reached: what it has written takes the 4096 KiB of its writable layer",
                "inodes      | WRITABLE_FILES | limit reached: it has made the 1024 files and folders",
                "flood       | OUTPUT         | output dropped: "
            })
    void whoeverTakesTooMuchIsToldSoAndNobodyElseNotices(String how, Limit limit, String said) {
        fixture.output.clear();

        Sandbox hostile = fixture.start(how);
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> hostile.limitsReached().contains(limit));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> fixture.output.stream().anyMatch(line -> line.startsWith("WISP " + said)));

            for (int i = 0; i < 20; i++) {
                assertThat(fixture.ask(neighbour, "cwd")).isEqualTo("/");
            }
            assertThat(neighbour.limitsReached()).isEmpty();
            Sandbox another = fixture.start("serve");
            assertThat(fixture.ask(another, "forks 10")).isEqualTo("10");
            another.stop(Duration.ZERO);
        } finally {
            hostile.stop(Duration.ZERO);
        }
        assertThat(hostile.exit().join().exitCode()).isEqualTo(137);
        assertThat(fixture.runtime().stuck()).isEmpty();
    }
}
