package dev.wisp.cli;

import dev.wisp.cli.console.Console;
import dev.wisp.cli.failure.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code wisp version}. */
@Command(
        name = "version",
        description = "Show the version.",
        footer = {"", "Examples:", "  wisp version"})
final class VersionCommand implements Callable<Integer> {

    private final Console console;

    VersionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.line("wisp %s (Java %s)".formatted(version(), System.getProperty("java.version")));
        return ExitCode.OK;
    }

    static String version() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
