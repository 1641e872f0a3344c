package dev.wisp.node.image;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.node.linux.FileCalls;
import java.io.IOException;

/** Failures that are this host's and not an image's: above all a full disk. */
final class HostFailure {

    private HostFailure() {}

    static ProblemException problem(String what, IOException e) {
        if (isDiskFull(e)) {
            Problem full = Problem.of(ErrorCode.DISK_FULL, "writing %s: the disk is full".formatted(what));
            return new ProblemException(
                    full.withHint("free space below the node's image folder, then deploy again"), e);
        }
        return new ProblemException(
                Problem.of(ErrorCode.INTERNAL, "writing %s failed: %s".formatted(what, e.getMessage())), e);
    }

    /** Java's own file calls tell of a full disk only in the message, which is strerror's in the C locale. */
    private static boolean isDiskFull(IOException e) {
        if (e instanceof FileCalls.Failed failed) {
            return failed.isDiskFull();
        }
        String message = String.valueOf(e.getMessage());
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }
}
