package dev.wisp.cli.platform;

import dev.wisp.cli.console.Console;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.HomeOption;
import dev.wisp.cli.service.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wisp down}. */
@Command(
        name = "down",
        description = "Stop the platform on this machine. Data, images and bills stay in its home.",
        footer = {"", "Examples:", "  wisp down", "  wisp down --home /srv/wisp"})
public final class DownCommand implements Callable<Integer> {

    private static final String LEFTOVERS = "dev.wisp.standalone.Leftovers";
    private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");

    private final Console console;
    private final Installation installation;
    private final Stopwatch watch = new Stopwatch();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long it may take to end by itself before it is killed (default: ${DEFAULT-VALUE}).")
    int timeoutSeconds;

    @Mixin
    HomeOption homeOption = new HomeOption();

    public DownCommand(Console console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = new Home(homeOption.folder());
        Optional<ProcessHandle> running = home.platform();
        Optional<ProcessHandle> postgres = home.orphanedPostgres();
        Optional<String> branch = running.isPresent() ? Optional.empty() : home.branchLeft(CONTROL_GROUPS);
        if (running.isEmpty() && postgres.isEmpty() && branch.isEmpty()) {
            console.note("Wisp is not running (home %s)".formatted(home.folder()));
            return ExitCode.OK;
        }
        console.heading("Stopping Wisp");
        running.ifPresent(process -> stop("Platform", process));
        // A platform that was killed leaves its Postgres running.
        home.orphanedPostgres().ifPresent(process -> stop("Postgres", process));
        cleanUp(home);
        console.note("data stays in " + home.folder());
        return ExitCode.OK;
    }

    /** A platform that was killed leaves its control groups, and in them what was frozen. */
    private void cleanUp(Home home) throws IOException, InterruptedException {
        Optional<String> branch = home.branchLeft(CONTROL_GROUPS);
        if (branch.isPresent()) {
            PlatformTool.ask(
                    installation,
                    LEFTOVERS,
                    "sandboxes of the platform that was killed could not be removed",
                    List.of(branch.orElseThrow()));
            console.phase(watch.millis(), "Sandboxes removed", "left by a platform that was killed");
        }
    }

    private void stop(String what, ProcessHandle process) {
        boolean byItself = ProcessStop.end(process, Duration.ofSeconds(timeoutSeconds));
        if (process.isAlive()) {
            throw CliException.of(ExitCode.FAILED, "%s (pid %d) cannot be stopped".formatted(what, process.pid()))
                    .because(
                            Proc.isRoot()
                                    ? "it does not even answer SIGKILL"
                                    : "it belongs to another user; run this as root");
        }
        console.phase(
                watch.millis(),
                what + " stopped",
                "pid %d%s".formatted(process.pid(), byItself ? "" : ", killed after %d s".formatted(timeoutSeconds)));
    }
}
