package dev.wisp.bench.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What one client saw, on disk and independent of the platform. Owned by one thread. */
final class ClientLog implements AutoCloseable {

    /** Lines between two fsyncs: a line each would make the disk what is measured. */
    private static final int LINES_PER_SYNC = 64;

    private final FileChannel channel;
    private int unsynced;

    ClientLog(Path file) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    void add(Attempt attempt) throws IOException {
        ByteBuffer line = ByteBuffer.wrap(attempt.line().getBytes(StandardCharsets.US_ASCII));
        while (line.hasRemaining()) {
            channel.write(line);
        }
        if (++unsynced == LINES_PER_SYNC) {
            channel.force(false);
            unsynced = 0;
        }
    }

    @Override
    public void close() throws IOException {
        channel.force(true);
        channel.close();
    }

    static List<Attempt> read(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(Attempt::parse).toList();
    }
}
