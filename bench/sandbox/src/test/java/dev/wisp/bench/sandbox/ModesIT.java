package dev.wisp.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.Report;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every mode in small; what they find on a quiet machine is for {@code wisp bench sandbox} to say. */
class ModesIT {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);

    @BeforeEach
    void checkHost() {
        assumeTrue(Programs.isRoot(), "sandboxes need root");
        assumeTrue(Files.isExecutable(ROOT.resolve("deploy/samples/target/hello/hello")), "needs the sample program");
    }

    @Test
    void churnHasARateAndSaysWhereTheTimeWent() {
        Report report = new ChurnBench(ROOT, true, 50).run(Duration.ofMillis(300));

        assertThat(report.series().getFirst().perSecond()).isPositive();
        assertThat(report.notes().getFirst()).contains("a cycle:");
    }

    @Test
    void everySandboxOfABurstAndOfACrowdAnswers() {
        assertThat(new BurstBench(ROOT, 8, 10).run(2).n()).isEqualTo(16);
        assertThat(new LiveBench(ROOT, 8, 10, 10).run(20, out).notes()).contains("all 20 answered");
    }

    /** The whole run is 10,000 and 50; each of the three dies while it makes, starts and ends sandboxes. */
    @Test
    void killedSandboxesAndRuntimesLeaveNothing() {
        boolean clean = new KillBench(ROOT, System.nanoTime(), out).run(200, 3);

        assertThat(clean).as(text.toString(StandardCharsets.UTF_8)).isTrue();
    }

    @Test
    void thawedSandboxAnswers() {
        assertThat(new FreezeBench(ROOT).run(20).series().getFirst().n()).isEqualTo(20);
    }

    @Test
    void answersWhateverANeighbourDoes() {
        assumeTrue(Programs.find("stress-ng").isPresent(), "needs stress-ng");

        Report report = new NeighbourBench(ROOT, List.of()).run(5, out);

        assertThat(report.series())
                .hasSize(2 * Noise.values().length)
                .allSatisfy(series -> assertThat(series.n()).isEqualTo(15));
    }
}
