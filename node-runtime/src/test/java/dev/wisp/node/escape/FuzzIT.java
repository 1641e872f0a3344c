package dev.wisp.node.escape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * System calls with random numbers and arguments inside, as root and as a plain user, by all three ways in (S12): the host is as it was, and a neighbour answers. For
 * how long each: {@code -Dwisp.test.fuzz-millis=600000}.
 */
@Timeout(value = 120, unit = TimeUnit.MINUTES)
final class FuzzIT {

    private static final long MILLIS = Long.getLong("wisp.test.fuzz-millis", 2_000);
    /** Many times as many on a machine with nothing else to do. */
    private static final long CALLS_PER_SECOND_MIN = 500;

    @TempDir
    private static Path folder;

    private static ProbeImage image;
    private static Cell cell;
    private static Path canary;
    private static Process victim;

    @BeforeAll
    static void open() throws IOException {
        Cell.assumePossible();
        image = ProbeImage.build(folder);
        image.compile("fuzz", image.layer.resolve("fuzz"));
        cell = new Cell(folder);
        canary = Files.createDirectory(folder.resolve("canary"));
        Files.writeString(canary.resolve("file"), "untouched");
        victim = new ProcessBuilder("sleep", "86400").start();
    }

    @AfterAll
    static void close() throws InterruptedException {
        if (victim != null) {
            victim.destroyForcibly().waitFor();
        }
        if (cell != null) {
            cell.close();
        }
    }

    /**
     * What the fuzzer says.
     *
     * @param calls from its last line, where it also says how long the table of mounts was before and after, and where that differs
     */
    private record Said(List<Verdict> verdicts, long calls, String text) {

        static Said parse(String text) {
            List<String> lines = text.lines().toList();
            return new Said(
                    Verdict.parse(String.join("\n", lines.subList(0, lines.size() - 1))),
                    Long.parseLong(lines.getLast().split("\t")[1]),
                    text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1000:1000"})
    void randomCallsChangeNothingOutside(String user) {
        Sandbox neighbour = cell.start(spec("mounts", ""));
        Sandbox sandbox = cell.start(spec("fuzz", user));
        HostState before = HostState.now(canary, victim);
        long seed = System.nanoTime();

        Said said = Said.parse(cell.ask(sandbox, "millis=%d seed=%d calls=all".formatted(MILLIS, seed)));

        sandbox.stop(Duration.ZERO);
        assertThat(said.calls())
                .as("seed %d: %s", seed, said.text())
                .isGreaterThan(MILLIS * CALLS_PER_SECOND_MIN / 1000);
        assertThat(said.verdicts())
                .as("seed %d: %s", seed, said.text())
                .hasSize(3)
                .noneMatch(Verdict::open);
        assertThat(HostState.now(canary, victim).changedSince(before))
                .as("seed %d", seed)
                .isEmpty();
        assertThat(Verdict.parse(cell.ask(neighbour, "as=root"))).isNotEmpty().allMatch(Verdict::open);
        neighbour.stop(Duration.ZERO);
    }

    /** The same fuzzer without guards, in namespaces of its own, with calls that lead out of those left out. */
    @Test
    void withoutGuardsTheyChangeAllThatIsLookedAt() {
        Said said = Said.parse(Commands.run(List.of(
                "unshare",
                "-mpiun",
                "-f",
                "--mount-proc",
                image.layer.resolve("fuzz").toString(),
                "millis=1000",
                "seed=" + System.nanoTime(),
                "calls=confined")));

        assertThat(said.verdicts()).hasSize(3).allMatch(Verdict::open);
    }

    /** Who does not notice a change proves nothing by noticing none. */
    @Test
    void whatIsLookedAtOutsideShowsAChange() throws IOException, InterruptedException {
        Process other = new ProcessBuilder("sleep", "86400").start();
        HostState before = HostState.now(canary, other);
        Path file = Files.writeString(canary.resolve("other"), "touched");
        Commands.run(List.of("renice", "-n", "5", "-p", Long.toString(other.pid())));

        HostState after = HostState.now(canary, other);

        Files.delete(file);
        other.destroyForcibly().waitFor();
        assertThat(after.changedSince(before)).hasSize(2).anyMatch(text -> text.startsWith("victim was"));
        assertThat(after.settings())
                .hasSizeGreaterThan(100)
                .containsEntry("/proc/sys/kernel/core_pattern", corePattern());
    }

    private static String corePattern() throws IOException {
        return Commands.run(List.of("cat", "/proc/sys/kernel/core_pattern")).strip();
    }

    private static SandboxSpec spec(String program, String user) {
        return cell.spec(
                List.of(image.layer), new ProcessSpec(List.of("/" + program), Map.of(), "/", user, 15), program);
    }
}
