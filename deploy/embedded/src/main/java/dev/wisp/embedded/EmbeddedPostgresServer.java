package dev.wisp.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

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
        Path programs = Files.createDirectories(home.resolve("programs"));
        // Without it the library makes an empty folder among the temporary files, though it is told below where to
        // work.
        System.setProperty("ot.epg.working-dir", programs.toString());
        OrphanedPostgres.stop(data);
        return new EmbeddedPostgresServer(EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(programs.toFile())
                .setPgBinaryResolver(EmbeddedPostgresServer::programs)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_TIMEOUT)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "40")
                .setServerConfig("shared_buffers", "128MB")
                .setServerConfig("wal_buffers", "16MB")
                // A day of minutes is read in the order of its index, and not sorted on disk.
                .setServerConfig("work_mem", "16MB")
                .setServerConfig("random_page_cost", "1.1")
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

    /** The library's own resolver runs a shell script to tell Alpine from the rest, and leaves it behind when this process is killed. */
    private static InputStream programs(String system, String hardware) throws IOException {
        String machine = hardware.matches("aarch64|arm64") ? "arm_64" : "x86_64";
        String name = "/postgres-%s-%s.txz".formatted(system.toLowerCase(Locale.ROOT), machine);
        InputStream programs = EmbeddedPostgres.class.getResourceAsStream(name);
        if (programs == null) {
            throw new IOException("no Postgres is packed for this machine: " + name);
        }
        return programs;
    }

    private static ProcessBuilder.Redirect log(Path home) {
        return ProcessBuilder.Redirect.appendTo(home.resolve("postgres.log").toFile());
    }
}
