package dev.wisp.bench.billing;

import dev.wisp.bench.report.BenchException;
import dev.wisp.embedded.EmbeddedPostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** The platform's Postgres with billing's schema, in a folder of its own. */
final class BenchDatabase implements AutoCloseable {

    private static final List<String> MIGRATIONS = List.of("V2_1__ledger.sql", "V2_2__prices.sql", "V2_3__chain.sql");

    private final EmbeddedPostgresServer server;
    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();

    private BenchDatabase(EmbeddedPostgresServer server) {
        this.server = server;
        dataSource.setUrl(server.jdbcUrl());
    }

    static BenchDatabase start(Path folder) {
        try {
            BenchDatabase database = new BenchDatabase(EmbeddedPostgresServer.start(folder));
            for (String migration : MIGRATIONS) {
                database.execute(text("/db/migration/billing/" + migration));
            }
            return database;
        } catch (IOException | SQLException e) {
            throw new BenchException("cannot start Postgres: " + e.getMessage(), e);
        }
    }

    PGSimpleDataSource dataSource() {
        return dataSource;
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new BenchException("cannot stop Postgres: " + e.getMessage(), e);
        }
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = BenchDatabase.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new BenchException("missing in the build: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
