package dev.wisp.bench.billing;

import dev.wisp.bench.report.BenchException;
import dev.wisp.embedded.EmbeddedPostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** The platform's Postgres with billing's schema, in a folder of its own. */
final class BenchDatabase implements AutoCloseable {

    private final EmbeddedPostgresServer server;
    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();

    private BenchDatabase(EmbeddedPostgresServer server) {
        this.server = server;
        dataSource.setUrl(server.jdbcUrl());
    }

    static BenchDatabase start(Path folder) {
        try {
            BenchDatabase database = new BenchDatabase(EmbeddedPostgresServer.start(folder));
            Flyway.configure()
                    .dataSource(database.dataSource)
                    .locations("db/migration/billing")
                    .load()
                    .migrate();
            return database;
        } catch (IOException e) {
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
}
