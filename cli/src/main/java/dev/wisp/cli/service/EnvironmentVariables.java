package dev.wisp.cli.service;

import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code NAME=VALUE} and {@code NAME-} from options and files. */
final class EnvironmentVariables {

    private EnvironmentVariables() {}

    /** The file first, so that options win. */
    static Map<String, @Nullable String> of(DeploySettings settings) {
        Map<String, @Nullable String> variables = new LinkedHashMap<>();
        String file = settings.environmentFile;
        if (file != null) {
            lines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(line -> put(variables, line, "--env-file " + file));
        }
        settings.environment.forEach(text -> put(variables, text, "--env"));
        return variables;
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw CliException.of(ExitCode.USAGE, "--env-file: cannot read " + file)
                    .because(e.toString());
        }
    }

    private static void put(Map<String, @Nullable String> variables, String text, String where) {
        int equals = text.indexOf('=');
        if (equals > 0) {
            variables.put(text.substring(0, equals), text.substring(equals + 1));
        } else if (equals < 0 && text.length() > 1 && text.endsWith("-")) {
            variables.put(text.substring(0, text.length() - 1), null);
        } else {
            throw CliException.of(ExitCode.USAGE, "%s: '%s' is neither NAME=VALUE nor NAME-".formatted(where, text));
        }
    }
}
