package dev.wisp.cli.option;

import dev.wisp.cli.api.Api;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Endpoint;
import picocli.CommandLine.Option;

/** Where the platform's API is. */
public final class ApiOption {

    @Option(
            names = "--api",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8081",
            description = "The platform's API (default: ${DEFAULT-VALUE}).")
    String url = "";

    public Api api() {
        return new Api(endpoint());
    }

    public Endpoint endpoint() {
        try {
            return Endpoint.parse(url);
        } catch (IllegalArgumentException e) {
            throw CliException.of(ExitCode.USAGE, "--api: " + e.getMessage());
        }
    }
}
