package dev.wisp.bench.billing;

import dev.wisp.bench.report.BenchException;
import dev.wisp.embedded.EmbeddedPostgresServer;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** The platform's Postgres with billing's schema, in a folder of its own, and the platform's pool of connections to it. */
final class BenchDatabase implements AutoCloseable {

    /** As the platform has it. */
    private static final int CONNECTIONS_MAX = 6;

    private final EmbeddedPostgresServer server;
    private final AgroalDataSource dataSource;

    private BenchDatabase(EmbeddedPostgresServer server) throws SQLException {
        this.server = server;
        this.dataSource = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS_MAX)
                        .acquisitionTimeout(Duration.ofSeconds(2))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(server.jdbcUrl()))));
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
        } catch (IOException | SQLException e) {
            throw new BenchException("cannot start Postgres: " + e.getMessage(), e);
        }
    }

    DataSource dataSource() {
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
        dataSource.close();
        try {
            server.close();
        } catch (IOException e) {
            throw new BenchException("cannot stop Postgres: " + e.getMessage(), e);
        }
    }
}
