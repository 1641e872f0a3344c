package dev.wisp.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Turns problem documents (RFC 9457, with Wisp's members) into failures of a command. */
public final class Problems {

    private static final int SHOWN_MAX = 400;

    private Problems() {}

    /** Of an answer that was not 2xx. */
    public static CliException failure(int status, String body) {
        JsonNode problem;
        try {
            problem = Json.parse(body);
        } catch (IOException e) {
            return plain(status, body);
        }
        return problem.hasNonNull("detail") ? of(problem) : plain(status, body);
    }

    /** Of a problem document, wherever it was found. */
    public static CliException of(JsonNode problem) {
        String code = problem.path("code").asText();
        CliException failure = CliException.of(
                        ExitCode.of(problem.path("status").asInt(), code),
                        problem.path("detail").asText())
                .coded(code);
        for (JsonNode error : problem.path("errors")) {
            // With a single error the detail says it already.
            if (!failure.getMessage().contains(error.path("pointer").asText())) {
                failure = failure.because("%s: %s"
                        .formatted(
                                error.path("pointer").asText(),
                                error.path("detail").asText()));
            }
        }
        List<String> evidence = new ArrayList<>();
        problem.path("evidence").forEach(line -> evidence.add(line.asText()));
        if (!evidence.isEmpty()) {
            failure = failure.showing(evidence);
        }
        return problem.hasNonNull("hint") ? failure.hint(problem.path("hint").asText()) : failure;
    }

    private static CliException plain(int status, String body) {
        CliException failure = CliException.of(ExitCode.of(status, ""), "the platform answered HTTP " + status);
        String text = body.strip();
        return text.isEmpty()
                ? failure
                : failure.because(
                        text.substring(0, Math.min(SHOWN_MAX, text.length())).replace('\n', ' '));
    }
}
