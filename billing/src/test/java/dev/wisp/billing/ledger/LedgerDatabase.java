package dev.wisp.billing.ledger;

import dev.wisp.embedded.EmbeddedPostgresServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** A real Postgres with billing's schema. */
public final class LedgerDatabase implements AutoCloseable {

    private final EmbeddedPostgresServer server;
    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();

    private LedgerDatabase(EmbeddedPostgresServer server) {
        this.server = server;
        dataSource.setUrl(server.jdbcUrl());
    }

    public static LedgerDatabase start(Path home) throws IOException {
        return startAt(home, "latest");
    }

    /** With the schema as it was with this version's migration. */
    public static LedgerDatabase startAt(Path home, String version) throws IOException {
        LedgerDatabase database = new LedgerDatabase(EmbeddedPostgresServer.start(home));
        database.migrateTo(version);
        return database;
    }

    /** To the newest schema. */
    public void migrate() {
        migrateTo("latest");
    }

    private void migrateTo(String version) {
        Flyway.configure()
                .dataSource(dataSource)
                .locations("db/migration/billing")
                .target(version)
                .load()
                .migrate();
    }

    public PGSimpleDataSource dataSource() {
        return dataSource;
    }

    /** The first number of the first row. */
    public BigDecimal number(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getBigDecimal(1);
        }
    }

    /** The first column of each row. */
    public List<String> texts(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
