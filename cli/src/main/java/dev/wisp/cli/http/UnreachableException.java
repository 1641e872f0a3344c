package dev.wisp.cli.http;

import java.io.IOException;

/** Nobody listens at an endpoint, or it cannot be reached from here. */
public final class UnreachableException extends IOException {

    public UnreachableException(Endpoint endpoint, IOException cause) {
        super("cannot connect to %s: %s".formatted(endpoint, cause.getMessage()), cause);
    }
}
