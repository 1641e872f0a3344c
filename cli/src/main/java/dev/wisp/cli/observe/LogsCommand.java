package dev.wisp.cli.observe;

import dev.wisp.cli.console.Console;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Response;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.NamespaceOption;
import dev.wisp.cli.service.ServicePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wisp logs}. */
@Command(
        name = "logs",
        description = "Print what a service's instances wrote to standard output and error.",
        footer = {"", "Examples:", "  wisp logs hello", "  wisp logs hello -f --tail 20"})
public final class LogsCommand implements Callable<Integer> {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Console console;

    @Parameters(paramLabel = "NAME", description = "Name of the service.")
    String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on printing what is written from now on, until interrupted.")
    boolean follow;

    @Option(
            names = "--tail",
            paramLabel = "LINES",
            defaultValue = "100",
            description = "How many of the last lines to begin with (default: ${DEFAULT-VALUE}).")
    int tail;

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ApiOption api = new ApiOption();

    public LogsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        String path = "%s?follow=%s&tail=%d".formatted(ServicePath.logs(namespace.name(), name), follow, tail);
        try (Response response = api.api().stream(path, follow ? Duration.ZERO : Duration.ofSeconds(30))) {
            copy(response.body(), console.data());
        }
        return ExitCode.OK;
    }

    /** Passes on every piece as it comes. */
    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            out.flush();
        }
    }
}
