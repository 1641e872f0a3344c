package dev.wisp.gateway.routing;

import dev.wisp.contracts.bus.WireJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jboss.logging.Logger;

/**
 * The last known state on disk, so that a gateway that starts while the bus is away serves what was deployed. Written whole to a new
 * file and renamed, so that a reader sees the old state or the new one and nothing between.
 */
final class SnapshotFile {

    private static final Logger LOG = Logger.getLogger(SnapshotFile.class);
    private static final String NAME = "platform.json";
    private static final long BYTES_MAX = 256L << 20;

    private final Path file;
    private boolean writable = true;

    SnapshotFile(Path directory) {
        this.file = directory.resolve(NAME);
    }

    /** Empty when there is none, or none that can be read: the bus will tell. */
    PlatformView read() {
        try {
            if (!Files.exists(file)) {
                return PlatformView.EMPTY;
            }
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException("larger than " + BYTES_MAX + " bytes");
            }
            return WireJson.read(Files.readAllBytes(file), PlatformView.class);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warnf("last known state in %s cannot be read, waiting for the bus: %s", file, e.getMessage());
            return PlatformView.EMPTY;
        }
    }

    /** Failure is logged once and otherwise ignored: serving matters more than the next start. */
    void write(PlatformView view) {
        try {
            replace(WireJson.write(view));
            writable = true;
        } catch (IOException e) {
            if (writable) {
                LOG.warnf("last known state cannot be kept in %s: %s", file, e.toString());
            }
            writable = false;
        }
    }

    private void replace(byte[] json) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path next = file.resolveSibling(NAME + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(json);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
