package dev.wisp.cli.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what a person wrote into a file. */
final class Drafts {

    private static final long BYTES_MAX = 1 << 20;

    private Drafts() {}

    static JsonNode read(String file) {
        Path path = Path.of(file);
        try {
            if (Files.size(path) > BYTES_MAX) {
                throw CliException.of(ExitCode.USAGE, "%s is larger than %d bytes".formatted(file, BYTES_MAX));
            }
            return Json.parseYaml(Files.readString(path));
        } catch (IOException e) {
            throw CliException.of(ExitCode.USAGE, "cannot read " + file).because(String.valueOf(e.getMessage()));
        }
    }
}
