package dev.wisp.cli.platform;

import dev.wisp.cli.console.Console;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.HomeOption;
import dev.wisp.cli.service.Stopwatch;
import java.time.Duration;
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

    private final Console console;
    private final Stopwatch watch = new Stopwatch();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long it may take to end by itself before it is killed (default: ${DEFAULT-VALUE}).")
    int timeoutSeconds;

    @Mixin
    HomeOption homeOption = new HomeOption();

    public DownCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Home home = new Home(homeOption.folder());
        Optional<ProcessHandle> running = home.platform();
        Optional<ProcessHandle> postgres = home.orphanedPostgres();
        if (running.isEmpty() && postgres.isEmpty()) {
            console.note("Wisp is not running (home %s)".formatted(home.folder()));
            return ExitCode.OK;
        }
        console.heading("Stopping Wisp");
        running.ifPresent(process -> stop("Platform", process));
        // A platform that was killed leaves its Postgres running.
        home.orphanedPostgres().ifPresent(process -> stop("Postgres", process));
        console.note("data stays in " + home.folder());
        return ExitCode.OK;
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
