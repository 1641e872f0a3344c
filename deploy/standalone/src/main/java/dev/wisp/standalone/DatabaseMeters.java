package dev.wisp.standalone;

import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalDataSourceMetrics;
import io.agroal.api.AgroalPoolInterceptor;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * What the process does with its database's connections. The names are not OpenTelemetry's {@code db.client.connection.count}: promtool
 * refuses a gauge that ends in {@code _count}. The library's own meters end so, too, and are off. Of the reactive pool only its size
 * can be had; the time of its uses is measured where they are, as transactions of the controller and questions to the ledger.
 */
@Singleton
final class DatabaseMeters implements AgroalPoolInterceptor {

    private static final Tags JDBC = Tags.of("pool", "jdbc");
    private static final Tags REACTIVE = Tags.of("pool", "reactive");

    /** Bounded by the pool's size. */
    private final Map<Connection, Timer.Sample> taken = new ConcurrentHashMap<>();

    private final MeterRegistry registry;
    private final Timer uses;
    private final Services services;

    DatabaseMeters(MeterRegistry registry, @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.registry = registry;
        this.services = Services.parse(services);
        this.uses = Timer.builder("wisp.database.use")
                .description("How long a connection was in use: one transaction, nearly always")
                .tags(JDBC)
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10))
                .register(registry);
    }

    void onStart(
            @Observes StartupEvent event,
            AgroalDataSource jdbc,
            Pool reactive,
            @ConfigProperty(name = "quarkus.datasource.jdbc.max-size") int jdbcMax,
            @ConfigProperty(name = "quarkus.datasource.reactive.max-size") int reactiveMax) {
        if (services.runs(Service.BILLING)) {
            AgroalDataSourceMetrics now = jdbc.getMetrics();
            pool(JDBC, () -> now.activeCount() + now.availableCount(), jdbcMax);
            gauge("wisp.database.connections.used", JDBC, "Connections in use", now::activeCount);
            gauge("wisp.database.waiting", JDBC, "Uses that wait for a connection", now::awaitingCount);
            FunctionTimer.builder(
                            "wisp.database.wait",
                            now,
                            AgroalDataSourceMetrics::acquireCount,
                            pool -> pool.blockingTimeTotal().toNanos(),
                            TimeUnit.NANOSECONDS)
                    .tags(JDBC)
                    .description("How long uses waited for a connection")
                    .register(registry);
        }
        if (services.runs(Service.BILLING) || services.runs(Service.FUNCTION_CONTROLLER)) {
            pool(REACTIVE, reactive::size, reactiveMax);
        }
    }

    @Override
    public void onConnectionAcquire(Connection connection) {
        taken.put(connection, Timer.start(registry));
    }

    @Override
    public void onConnectionReturn(Connection connection) {
        Timer.@Nullable Sample since = taken.remove(connection);
        if (since != null) {
            since.stop(uses);
        }
    }

    @Override
    public void onConnectionDestroy(Connection connection) {
        taken.remove(connection);
    }

    private void pool(Tags pool, Supplier<Number> open, int max) {
        gauge("wisp.database.connections", pool, "Connections to the database, in use or not", open);
        gauge("wisp.database.connections.max", pool, "Connections that there may be", () -> max);
    }

    private void gauge(String name, Tags pool, String description, Supplier<Number> value) {
        Gauge.builder(name, value).tags(pool).description(description).register(registry);
    }
}
