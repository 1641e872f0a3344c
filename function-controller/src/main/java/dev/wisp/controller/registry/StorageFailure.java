package dev.wisp.controller.registry;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.io.IOException;

/** Failures of the disk under the registry, as problems. */
final class StorageFailure {

    private StorageFailure() {}

    static ProblemException problem(IOException e) {
        String message = String.valueOf(e.getMessage());
        // Java tells of a full disk only in the message, which is strerror's.
        if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
            return full("the disk is full");
        }
        return new ProblemException(Problem.of(ErrorCode.INTERNAL, "the image registry's disk failed: " + message), e);
    }

    static ProblemException full(String detail) {
        return new ProblemException(Problem.of(ErrorCode.DISK_FULL, "the image cannot be stored: " + detail)
                .withHint("free space below the controller's registry folder, then upload again"));
    }
}
