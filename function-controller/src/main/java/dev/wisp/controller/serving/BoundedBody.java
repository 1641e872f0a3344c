package dev.wisp.controller.serving;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads a request body of at most 1 MiB, more than any service needs; E1806 for a larger one. */
final class BoundedBody {

    static final int BYTES_MAX = 1 << 20;

    private BoundedBody() {}

    static byte[] read(InputStream body) {
        try {
            byte[] bytes = body.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new ProblemException(
                        Problem.of(ErrorCode.TOO_LARGE, "the body is larger than %d bytes".formatted(BYTES_MAX)));
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("reading the request body", e);
        }
    }
}
