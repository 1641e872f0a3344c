package dev.wisp.node.metering;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What this node is called. */
public final class NodeIdentity {

    /** The kernel's own, because a lookup by name may wait for a network. */
    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

    private NodeIdentity() {}

    /** The configured name, else the host's. */
    public static String of(Optional<String> configured) {
        return configured.orElseGet(NodeIdentity::hostname);
    }

    private static String hostname() {
        try {
            return Files.readString(HOSTNAME).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the host's name: set wisp.node.id", e);
        }
    }
}
