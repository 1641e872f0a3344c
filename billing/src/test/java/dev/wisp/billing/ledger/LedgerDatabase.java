package dev.wisp.billing.ledger;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A database with billing's schema and nothing in it, in a real Postgres; it goes when it is closed. */
public final class LedgerDatabase implements AutoCloseable {

    private static final String LATEST = "latest";

    /** That of a new Postgres, without anything. */
    private static final String EMPTY = "template1";

    /** Brought to the newest schema once, and copied for every test that wants it. */
    private static @Nullable LedgerDatabase newest;

    private static int made;

    private final LedgerServer server;
    private final String name;
    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();

    private LedgerDatabase(LedgerServer server, String name) {
        this.server = server;
        this.name = name;
        dataSource.setUrl(server.url(name));
    }

    public static LedgerDatabase create() throws IOException, SQLException {
        return copyOf(newest().name);
    }

    /** With the schema as it was with this version's migration. */
    public static LedgerDatabase createAt(String version) throws IOException, SQLException {
        LedgerDatabase database = copyOf(EMPTY);
        database.migrateTo(version);
        return database;
    }

    private static synchronized LedgerDatabase newest() throws IOException, SQLException {
        if (newest == null) {
            newest = createAt(LATEST);
        }
        return newest;
    }

    private static synchronized LedgerDatabase copyOf(String template) throws IOException, SQLException {
        LedgerDatabase database = new LedgerDatabase(LedgerServer.get(), "ledger_" + ++made);
        database.server.execute("CREATE DATABASE %s TEMPLATE %s".formatted(database.name, template));
        return database;
    }

    /** To the newest schema. */
    public void migrate() {
        migrateTo(LATEST);
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

    /** Its connections are kept, as the platform keeps them: for who asks hundreds of times. To be closed before this. */
    public AgroalDataSource pool(int connectionsMax) throws SQLException {
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(connectionsMax)
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(server.url(name)))));
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

    /** Whoever is still connected is no more. */
    @Override
    public void close() throws SQLException {
        server.execute("DROP DATABASE %s WITH (FORCE)".formatted(name));
    }
}
