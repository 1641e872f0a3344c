package dev.wisp.node.network;

import dev.wisp.node.linux.ErrnoException;
import org.jspecify.annotations.Nullable;

/** This node cannot give a sandbox its way out; the message says what to change. */
public final class EgressUnavailableException extends RuntimeException {

    EgressUnavailableException(String message) {
        super(message);
    }

    private EgressUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The kernel refused a step, which names what it lacks or this process may not do. */
    static EgressUnavailableException because(ErrnoException e) {
        return new EgressUnavailableException(
                "the kernel refuses a step, see wisp doctor: %s".formatted(e.getMessage()), e);
    }
}
