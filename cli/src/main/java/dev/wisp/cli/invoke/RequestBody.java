package dev.wisp.cli.invoke;

import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Request.Body;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code -d}: text, {@code @file}, or {@code -} for standard input, which is streamed. */
final class RequestBody {

    private RequestBody() {}

    static Body of(String data) {
        if (data.equals("-")) {
            return new Body(Body.UNKNOWN, out -> {
                System.in.transferTo(out);
            });
        }
        return data.startsWith("@") ? file(Path.of(data.substring(1))) : Body.of(data);
    }

    private static Body file(Path file) {
        try {
            return new Body(Files.size(file), out -> Files.copy(file, out));
        } catch (IOException e) {
            throw CliException.of(ExitCode.USAGE, "-d: cannot read " + file).because(e.toString());
        }
    }
}
