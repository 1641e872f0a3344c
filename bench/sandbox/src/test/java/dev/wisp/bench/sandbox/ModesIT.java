package dev.wisp.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.Report;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
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
        assumeTrue(Programs.find("nft").isPresent(), "needs nftables");

        KillBench.Outcome outcome = new KillBench(ROOT, System.nanoTime(), out).run(200, 3);

        assertThat(outcome.isClean())
                .as("%s %s", text, String.join("\n", outcome.report().notes()))
                .isTrue();
        assertThat(outcome.report().ratios().get("kills of sandboxes"))
                .as("or nothing could have been left")
                .isPositive();
    }

    /** One more of each kind is another state, or what is left would not be seen. */
    @Test
    void whatIsLeftIsCounted() throws Exception {
        assumeTrue(Programs.find("nft").isPresent(), "needs nftables");
        try (Uplink uplink = new Uplink();
                WorkFolder folder = WorkFolder.create()) {
            Held.Place place = new Held.Place("none", uplink.pid(), folder.path());
            Held before = Held.now(place);
            String inside = "nsenter --net=" + uplink.path() + " ";

            Files.createFile(folder.path().resolve("left"));
            run(inside + "nft add table ip left");
            run(inside + "ip link add left type veth peer name right");
            try (FileInputStream namespace = new FileInputStream(uplink.path())) {
                Held after = Held.now(place);

                assertThat(namespace).isNotNull();
                assertThat(after.files()).isEqualTo(before.files() + 1);
                assertThat(after.namespaces()).isEqualTo(before.namespaces() + 1);
                assertThat(after.descriptors()).isEqualTo(before.descriptors() + 1);
                // The uplink is looked at twice now: as itself, and by the descriptor.
                assertThat(after.rules()).isEqualTo(before.rules() + 2 * 2);
                assertThat(after.interfaces()).isGreaterThanOrEqualTo(before.interfaces() + 2);
            }
        }
    }

    private static void run(String command) throws Exception {
        assertThat(new ProcessBuilder(command.split(" ")).start().waitFor())
                .as(command)
                .isZero();
    }

    @Test
    void thawedSandboxAnswers() {
        assertThat(new FreezeBench(ROOT).run(20).series().getFirst().n()).isEqualTo(20);
    }

    @Test
    void answersWhateverANeighbourDoes() {
        assumeTrue(Programs.find("stress-ng").isPresent(), "needs stress-ng");

        Report report = new NeighbourBench(ROOT, List.of(), 1).run(5, out);

        assertThat(report.series())
                .hasSize(2 * Noise.values().length)
                .allSatisfy(series -> assertThat(series.n()).isEqualTo(5));
    }
}
