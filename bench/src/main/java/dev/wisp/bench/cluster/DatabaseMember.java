package dev.wisp.bench.cluster;

import dev.wisp.embedded.EmbeddedPostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The platform's Postgres; what is killed is its first process, the postmaster. */
final class DatabaseMember extends Member {

    private static final Duration POLL = Duration.ofMillis(10);
    private static final int LOG_TAIL = 4_000;

    private final Path folder;
    private final int port;
    private @Nullable EmbeddedPostgresServer server;
    private String failure = "";

    DatabaseMember(Path folder, int port) {
        super("database");
        this.folder = folder;
        this.port = port;
    }

    @Override
    void start() {
        release();
        try {
            server = EmbeddedPostgresServer.start(folder, port);
        } catch (IOException | RuntimeException e) {
            // A full disk may be the reason, and it will be tried again.
            failure = e.toString();
            server = null;
        }
    }

    @Override
    boolean isReady() {
        return server != null && isAlive();
    }

    @Override
    boolean isAlive() {
        return postmaster().isPresent();
    }

    @Override
    void kill() throws InterruptedException {
        Optional<ProcessHandle> postmaster = postmaster();
        if (postmaster.isPresent()) {
            postmaster.get().destroyForcibly();
            while (postmaster.get().isAlive()) {
                Thread.sleep(POLL);
            }
        }
        release();
    }

    /** Gives up the lock on the folder, without which no other start is possible in this process. */
    private void release() {
        EmbeddedPostgresServer gone = server;
        server = null;
        if (gone != null) {
            try {
                gone.close();
            } catch (IOException | RuntimeException e) {
                failure = e.toString();
            }
        }
    }

    @Override
    void stop() {
        release();
    }

    @Override
    String log() {
        try {
            String text = Files.readString(folder.resolve("postgres.log"));
            return failure + "\n" + text.substring(Math.max(0, text.length() - LOG_TAIL));
        } catch (IOException e) {
            return failure;
        }
    }

    /** From its own file, whose first line is its process id. */
    private Optional<ProcessHandle> postmaster() {
        try {
            String pid =
                    Files.readAllLines(folder.resolve("data/postmaster.pid")).getFirst();
            return ProcessHandle.of(Long.parseLong(pid.strip())).filter(DatabaseMember::isPostgres);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.isAlive()
                && process.info()
                        .command()
                        .filter(path -> path.endsWith("postgres"))
                        .isPresent();
    }
}
