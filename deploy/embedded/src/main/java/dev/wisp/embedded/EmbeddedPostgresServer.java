package dev.wisp.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A Postgres server beside this JVM, on loopback, with its data in a given folder. Unlike the library's defaults, which suit tests, it
 * keeps what it committed: fsync and synchronous commit are on.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final String USER = "postgres";

    private final EmbeddedPostgres postgres;

    private EmbeddedPostgresServer(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /**
     * Starts a server on a free loopback port and returns when it takes connections. A server that an earlier process left running on
     * this folder is stopped first.
     *
     * @param home holds the unpacked programs ({@code programs}) and the data ({@code data})
     */
    public static EmbeddedPostgresServer start(Path home) throws IOException {
        return start(home, EmbeddedKafka.freePort());
    }

    /** Starts a server on this loopback port. */
    public static EmbeddedPostgresServer start(Path home, int port) throws IOException {
        Path data = home.resolve("data");
        Files.createDirectories(home.resolve("programs"));
        OrphanedPostgres.stop(data);
        return new EmbeddedPostgresServer(EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(home.resolve("programs").toFile())
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_TIMEOUT)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "40")
                .setServerConfig("shared_buffers", "64MB")
                .setServerConfig("wal_level", "minimal")
                .setServerConfig("max_wal_senders", "0")
                .setServerConfig("timezone", "UTC")
                .setErrorRedirector(log(home))
                .setOutputRedirector(log(home))
                .start());
    }

    public String jdbcUrl() {
        return postgres.getJdbcUrl(USER, "postgres");
    }

    public int port() {
        return postgres.getPort();
    }

    public String user() {
        return USER;
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }

    private static ProcessBuilder.Redirect log(Path home) {
        return ProcessBuilder.Redirect.appendTo(home.resolve("postgres.log").toFile());
    }
}
