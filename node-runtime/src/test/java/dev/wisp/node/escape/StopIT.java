package dev.wisp.node.escape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.sandbox.Sandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nobody outlives a sandbox (S14), and nobody else dies of its end, not even who gets the number of a process of it (S22). How many races:
 * {@code -Dwisp.test.stop-races=10000}.
 */
@Timeout(value = 120, unit = TimeUnit.MINUTES)
final class StopIT {

    private static final int RACES = Integer.getInteger("wisp.test.stop-races", 300);
    private static final int GRACE_MICROS_MAX = 3_000;
    private static final Set<String> KINDS =
            Set.of("w-fork", "w-double", "w-session", "w-daemon", "w-stopped", "w-vfork", "w-potato", "w-thread");

    @TempDir
    private static Path folder;

    private static ProbeImage image;
    private static Cell cell;
    private static Path snatcherProgram;

    @BeforeAll
    static void open() throws IOException {
        Cell.assumePossible();
        image = ProbeImage.build(folder);
        image.compile("survivors", image.layer.resolve("survivors"));
        snatcherProgram = image.compile("snatcher", folder.resolve("snatcher"));
        cell = new Cell(folder);
    }

    @AfterAll
    static void close() {
        if (cell != null) {
            cell.close();
        }
    }

    /** The ways in which a sandbox ends. */
    enum End {
        STOPPED,
        STOPPED_FROZEN,
        STOPPED_AFTER_A_GRACE,
        BY_ITSELF;

        void of(Sandbox sandbox) {
            switch (this) {
                case STOPPED -> sandbox.stop(Duration.ZERO);
                case STOPPED_FROZEN -> {
                    sandbox.freeze();
                    assertThat(sandbox.standsStill(Duration.ofSeconds(10))).isTrue();
                    sandbox.stop(Duration.ZERO);
                }
                case STOPPED_AFTER_A_GRACE -> sandbox.stop(Duration.ofMillis(20));
                case BY_ITSELF -> {
                    cell.ask(sandbox, "exit");
                    sandbox.stop(Duration.ofSeconds(10));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyOutlivesTheSandbox(End end) {
        for (String user : List.of("", "1000:1000")) {
            Sandbox sandbox =
                    cell.start(cell.spec(List.of(image.layer), process(List.of("/survivors"), user), "survivors"));
            Awaitility.await().untilAsserted(() -> assertThat(names()).containsAll(KINDS));

            end.of(sandbox);

            assertThat(Cell.owned()).isEmpty();
            assertThat(Cell.processes()).isEmpty();
        }
    }

    /** What the host sees running with ids of sandboxes. */
    private static Set<String> names() {
        return Cell.owned().stream()
                .flatMap(pid -> Cell.lines(Path.of("/proc", Long.toString(pid), "comm")))
                .collect(Collectors.toSet());
    }

    /** A runtime that ends the process it has started, and has no namespace that ends with it. */
    @Test
    void withoutGuardsAllOfThemOutliveIt() {
        List<Verdict> left = Verdict.parse(Commands.run(List.of(
                "unshare",
                "-mp",
                "-f",
                "--mount-proc",
                image.layer.resolve("survivors").toString(),
                "control")));

        assertThat(left).extracting(Verdict::name).containsExactlyInAnyOrderElementsOf(KINDS);
        assertThat(left).allMatch(Verdict::open);
    }

    /**
     * Two stops at once, each with a signal, a grace and a kill, of one that does not obey, forks all the while and is frozen now and then; as soon as its number is
     * free a canary has it. What is asked of the sandbox afterwards must not meet that either.
     */
    @Test
    void whoGetsTheNumberOfAStoppedOneLives() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int snatched = 0;
        try (Snatcher snatcher = new Snatcher()) {
            for (int i = 0; i < RACES; i++) {
                Sandbox sandbox = cell.start(cell.spec(
                        List.of(image.layer),
                        process(List.of("/survivors", "defiant"), i % 2 == 0 ? "" : "1000:1000"),
                        "defiant"));
                snatcher.aim(first());

                stopTwice(sandbox, random);

                if (snatcher.hasGot()) {
                    snatched++;
                    sandbox.thaw();
                    sandbox.stop(Duration.ofNanos(1_000));
                    sandbox.stop(Duration.ZERO);
                    assertThat(snatcher.check()).as("seed %d race %d", seed, i).isEqualTo("alive");
                }
            }
        }
        assertThat(Cell.owned()).isEmpty();
        assertThat(Cell.processes()).isEmpty();
        assertThat(cell.stuck()).isEmpty();
        assertThat(snatched).as("races in which somebody got the number").isGreaterThan(RACES * 9 / 10);
    }

    private static void stopTwice(Sandbox sandbox, Random random) {
        if (random.nextInt(3) == 0) {
            sandbox.freeze();
        }
        Duration one = Duration.ofNanos(1_000L * random.nextInt(GRACE_MICROS_MAX));
        Duration other = Duration.ofNanos(1_000L * random.nextInt(GRACE_MICROS_MAX));
        CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> sandbox.stop(other));
        sandbox.stop(one);
        beside.join();
    }

    /** Number of the only sandbox's first process, as the host counts. */
    private static long first() {
        return Cell.processes().stream()
                .filter(pid -> Cell.lines(Path.of("/proc", Long.toString(pid), "status"))
                        .anyMatch(line -> line.startsWith("NSpid:") && line.endsWith("\t1")))
                .findFirst()
                .orElseThrow();
    }

    /** A runtime that kills by numbers. */
    @Test
    void whoGetsTheNumberOfOneKilledByNumberDies() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "600").start();
        String number = Long.toString(process.pid());
        try (Snatcher snatcher = new Snatcher()) {
            snatcher.aim(process.pid());
            Commands.run(List.of("kill", "-KILL", number));
            process.waitFor();
            assertThat(snatcher.hasGot()).isTrue();

            Commands.run(List.of("kill", "-KILL", number));

            Awaitility.await()
                    .until(() -> Cell.lines(Path.of("/proc", number, "status"))
                            .anyMatch(line -> line.startsWith("State:\tZ")));
            assertThat(snatcher.check()).isEqualTo("dead 9");
        }
    }

    private static ProcessSpec process(List<String> arguments, String user) {
        return new ProcessSpec(arguments, Map.of(), "/", user, 15);
    }

    /** The program that takes numbers. */
    private static final class Snatcher implements AutoCloseable {

        private final Process process;
        private final Writer asked;
        private final BufferedReader said;

        Snatcher() {
            try {
                process = new ProcessBuilder(snatcherProgram.toString()).start();
                asked = process.outputWriter();
                said = process.inputReader();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void aim(long pid) {
            tell(Long.toString(pid));
        }

        boolean hasGot() {
            return answer().equals("got");
        }

        String check() {
            tell("check");
            return answer();
        }

        private void tell(String line) {
            try {
                asked.write(line + "\n");
                asked.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private String answer() {
            try {
                return String.valueOf(said.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                asked.close();
                assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
