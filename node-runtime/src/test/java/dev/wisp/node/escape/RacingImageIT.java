package dev.wisp.node.escape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image whose paths change while sandboxes are made of it (S03): folders become links out of it and folders again, thousands of times a second. Sandboxes
 * cannot do that, the image store's folders are the node's; so this is what somebody could who had got at them. How many starts: {@code -Dwisp.test.starts=10000}.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class RacingImageIT {

    private static final int STARTS = Integer.getInteger("wisp.test.starts", 100);
    private static final long CONTROL_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final List<String> FOLDERS = List.of("proc", "dev", "sys", "etc", "tmp", "work", "data");
    private static final String HOSTS_USER = "insider:x:4711:4711::/:/bin/sh\n";

    @TempDir
    private static Path folder;

    private static ProbeImage image;
    private static Cell cell;
    private static Path swapper;
    private Path layer;
    private Path canary;

    @BeforeAll
    static void open() throws IOException {
        Cell.assumePossible();
        image = ProbeImage.build(folder);
        swapper = image.compile("swapper", folder.resolve("swapper"));
        cell = new Cell(folder);
    }

    @AfterAll
    static void close() {
        if (cell != null) {
            cell.close();
        }
    }

    /** A layer with each folder twice: as that, and as a link to a folder of the host's. */
    @BeforeEach
    void lay() throws IOException {
        layer = Files.createTempDirectory(folder.resolve("layers"), "race");
        Commands.run(List.of("chmod", "755", layer.toString()));
        canary = Files.createTempDirectory(folder, "canary");
        Files.writeString(canary.resolve("passwd"), HOSTS_USER);
        Files.createDirectory(canary.resolve("pts"));
        for (String name : FOLDERS) {
            Files.createDirectory(layer.resolve(name));
            Files.createSymbolicLink(layer.resolve("out-" + name), canary);
        }
        Files.writeString(layer.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\n");
    }

    /** The race, for as long as it is open. */
    private final class Race implements AutoCloseable {

        private final Process process;
        private final BufferedReader said;

        Race() throws IOException {
            List<String> command = new ArrayList<>(List.of(swapper.toString()));
            FOLDERS.forEach(name -> command.addAll(List.of(
                    layer.resolve(name).toString(), layer.resolve("out-" + name).toString())));
            process = new ProcessBuilder(command).start();
            said = process.inputReader();
            assertThat(said.readLine()).isEqualTo("ready");
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            assertThat(Long.parseLong(said.readLine())).isGreaterThan(STARTS);
        }
    }

    @Test
    void noStartLeavesTheSandboxWhateverThePathsBecome() throws IOException {
        String untouched = Fingerprint.of(canary);
        int started = 0;

        try (Race race = new Race()) {
            assertThat(race.process.isAlive()).isTrue();
            for (int i = 0; i < STARTS; i++) {
                started += starts(i) ? 1 : 0;
            }
        }

        assertThat(Fingerprint.of(canary)).isEqualTo(untouched);
        assertThat(started).as("what only refuses shows nothing").isGreaterThan(STARTS / 4);
    }

    /** Either it is refused, or every mount is where it belongs. The working folder and the volume are made and entered, the user is looked up. */
    private boolean starts(int number) {
        ProcessSpec process = new ProcessSpec(
                List.of("/mounts"),
                Map.of(),
                number % 2 == 0 ? "/work/deep" : "/",
                number % 3 == 0 ? "insider" : "",
                15,
                List.of(),
                number % 2 == 0 ? List.of() : List.of("/data/deep"),
                List.of());
        SandboxSpec spec = cell.spec(List.of(image.layer, layer), process, "race");
        try {
            Sandbox sandbox = cell.start(spec);
            try {
                assertThat(number % 3)
                        .as("'insider' is a user of the host's file alone")
                        .isNotZero();
                assertThat(Verdict.parse(cell.ask(sandbox, "as=root")))
                        .filteredOn(verdict -> !verdict.open())
                        .isEmpty();
            } finally {
                sandbox.stop(Duration.ZERO);
            }
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }

    /** A runtime that looks first whether a path of the image is a folder and no link, and then uses the path. */
    @Test
    void whoLooksFirstAndThenUsesThePathIsLedOut() throws IOException {
        long deadline = System.nanoTime() + CONTROL_PATIENCE_NANOS;
        Path made = canary.resolve("hosts");

        try (Race race = new Race()) {
            while (Files.notExists(made) && System.nanoTime() < deadline) {
                assertThat(race.process.isAlive()).isTrue();
                writeByPath(layer.resolve("etc"));
            }
        }

        assertThat(made).exists();
    }

    private static void writeByPath(Path etc) {
        try {
            if (Files.isDirectory(etc, LinkOption.NOFOLLOW_LINKS)) {
                Files.writeString(etc.resolve("hosts"), "127.0.0.1 localhost\n");
            }
        } catch (IOException e) {
            // The race was lost in another way.
            return;
        }
    }
}
