package dev.wisp.controller.serving;

import dev.wisp.embedded.EmbeddedPostgresServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real Postgres for the test application, on a folder of its own. */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {

    private @Nullable Path home;
    private @Nullable EmbeddedPostgresServer server;

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("wisp-controller-it");
            home = folder;
            EmbeddedPostgresServer started = EmbeddedPostgresServer.start(folder);
            server = started;
            return Map.of(
                    "quarkus.datasource.username", started.user(),
                    "quarkus.datasource.jdbc.url", started.jdbcUrl(),
                    "quarkus.datasource.reactive.url", "postgresql://127.0.0.1:%d/postgres".formatted(started.port()),
                    "test.postgres.home", folder.toString(),
                    "test.postgres.port", Integer.toString(started.port()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        try {
            if (server != null) {
                server.close();
            }
            if (home != null) {
                delete(home);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
