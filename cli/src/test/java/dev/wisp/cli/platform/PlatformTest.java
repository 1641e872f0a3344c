package dev.wisp.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.cli.console.Console;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Endpoint;
import dev.wisp.cli.service.Stopwatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformTest {

    @TempDir
    Path folder;

    @Test
    void takesOnlyALivingProcessOfThisHomeForThePlatform() throws IOException {
        Home home = new Home(folder);
        assertThat(home.platform()).isEmpty();

        Files.createDirectories(folder.resolve("run"));
        Files.writeString(
                folder.resolve("run/wisp.pid"), ProcessHandle.current().pid() + "\n");
        assertThat(home.platform()).as("alive, but another program").isEmpty();
        Files.writeString(folder.resolve("run/wisp.pid"), "nonsense");
        assertThat(home.platform()).isEmpty();
    }

    @Test
    void findsTheBranchOfControlGroupsThatIsLeft() throws IOException {
        Home home = new Home(Files.createDirectories(folder.resolve("home")));
        Path groups = folder.resolve("cgroup");
        Files.createDirectories(groups.resolve("memory/wisp-0badcafe"));
        Files.createDirectories(home.folder().resolve("run"));
        assertThat(home.branchLeft(groups)).as("no platform was ever here").isEmpty();

        Path file = home.folder().resolve("run/branch");
        Files.writeString(file, "wisp-0badcafe\n");
        assertThat(home.branchLeft(groups)).contains("wisp-0badcafe");
        Files.writeString(file, "wisp-other\n");
        assertThat(home.branchLeft(groups)).isEmpty();
        Files.writeString(file, "../memory\n");
        assertThat(home.branchLeft(groups)).as("not a name").isEmpty();
    }

    @Test
    void namesWhoHasAPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            assertThat(Proc.listener(socket.getLocalPort()))
                    .hasValueSatisfying(owner -> assertThat(owner)
                            .endsWith(
                                    "(pid %d)".formatted(ProcessHandle.current().pid())));
        }
    }

    @Test
    void refusesATakenPortBeforeAnythingIsStarted() throws IOException {
        Assumptions.assumeTrue(Proc.isRoot(), "the check for root comes first");
        try (ServerSocket socket = new ServerSocket(0)) {
            StartSettings settings = new StartSettings();
            settings.port = socket.getLocalPort();

            assertThatThrownBy(() -> Preflight.check(new Home(folder), settings))
                    .isInstanceOf(CliException.class)
                    .hasMessageStartingWith("port %d is taken by ".formatted(settings.port))
                    .extracting(e -> ((CliException) e).exitCode())
                    .isEqualTo(ExitCode.CONFLICT);
        }
    }

    @Test
    void printsPhasesAndOnFailureTheEndOfTheLogLeavingNothingRunning() throws IOException {
        Home home = new Home(folder);
        Files.createDirectories(folder.resolve("run"));
        Files.createDirectories(folder.resolve("log"));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        PlatformStart start = new PlatformStart(home, new Console(stream, stream, false, false), new Stopwatch());
        String script = "echo '{\"phase\":\"kafka\",\"ms\":412}' > run/startup.json; echo going wrong; exec sleep 60";

        assertThatThrownBy(
                        () -> start.run(command(script), new Endpoint(false, "127.0.0.1", 1), Duration.ofMillis(400)))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith("the platform is not ready after")
                .asInstanceOf(InstanceOfAssertFactories.type(CliException.class))
                .satisfies(e -> assertThat(e.evidence()).containsExactly("going wrong"));

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Kafka ready");
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void saysWithWhichCodeAPlatformEndedThatDidNotStart() throws IOException {
        Home home = new Home(folder);
        Files.createDirectories(folder.resolve("log"));
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        PlatformStart start = new PlatformStart(home, new Console(nowhere, nowhere, false, false), new Stopwatch());

        assertThatThrownBy(
                        () -> start.run(command("exit 4"), new Endpoint(false, "127.0.0.1", 1), Duration.ofSeconds(10)))
                .hasMessage("the platform ended while starting, with exit code 4");
    }

    private static PlatformCommandLine command(String script) {
        return new PlatformCommandLine(List.of("sh", "-c", script), Map.of());
    }
}
