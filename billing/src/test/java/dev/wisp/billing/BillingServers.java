package dev.wisp.billing;

import dev.wisp.contracts.bus.TopicSetup;
import dev.wisp.embedded.EmbeddedKafka;
import dev.wisp.embedded.EmbeddedPostgresServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** A Kafka and a Postgres for the application under test. */
public final class BillingServers implements QuarkusTestResourceLifecycleManager {

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    @Override
    public Map<String, String> start() {
        try {
            Path home =
                    Files.createTempDirectory(Path.of("target"), "billing-it").toAbsolutePath();
            EmbeddedPostgresServer postgres = EmbeddedPostgresServer.start(home.resolve("postgres"));
            started.push(postgres);
            EmbeddedKafka kafka = EmbeddedKafka.start(home.resolve("kafka"));
            started.push(kafka);
            TopicSetup.ensure(kafka.bootstrapServers());
            return Map.of(
                    "wisp.kafka.bootstrap-servers", kafka.bootstrapServers(),
                    "quarkus.datasource.username", postgres.user(),
                    "quarkus.datasource.jdbc.url", postgres.jdbcUrl(),
                    "quarkus.datasource.reactive.url", "postgresql://127.0.0.1:%d/postgres".formatted(postgres.port()));
        } catch (IOException e) {
            throw new UncheckedIOException("starting Kafka and Postgres", e);
        }
    }

    @Override
    public void stop() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("stopping Kafka and Postgres", e);
            }
        }
    }
}
