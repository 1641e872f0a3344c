package dev.wisp.billing.ledger;

import dev.wisp.embedded.EmbeddedPostgresServer;
import dev.wisp.testkit.FolderTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** The Postgres of all ledgers that tests of this JVM make: to unpack and prepare one takes seconds, a database in it a tenth of one. It ends with the JVM. */
final class LedgerServer {

    private static @Nullable LedgerServer running;

    private final Path home;
    private final EmbeddedPostgresServer postgres;

    private LedgerServer(Path home, EmbeddedPostgresServer postgres) {
        this.home = home;
        this.postgres = postgres;
    }

    static synchronized LedgerServer get() throws IOException {
        if (running == null) {
            Path home = Files.createTempDirectory(Path.of("target"), "ledgers").toAbsolutePath();
            LedgerServer server = new LedgerServer(home, EmbeddedPostgresServer.start(home));
            Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
            running = server;
        }
        return running;
    }

    String url(String database) {
        return postgres.jdbcUrl().replaceFirst("/postgres(?=\\?|$)", "/" + database);
    }

    /** Outside of any database of tests. */
    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void stop() {
        try {
            postgres.close();
            FolderTree.delete(home);
        } catch (IOException e) {
            throw new UncheckedIOException("stopping the Postgres of tests", e);
        }
    }
}
