package dev.wisp.controller.serving;

import dev.wisp.embedded.EmbeddedPostgresServer;
import dev.wisp.testkit.FolderTree;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
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
    public void inject(TestInjector injector) {
        injector.injectIntoFields(new Control(this), new TestInjector.MatchesType(Control.class));
    }

    @Override
    public void stop() {
        try {
            close();
            if (home != null) {
                FolderTree.delete(home);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void close() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    /** Takes the database away from a test and gives it back, on the same port and with the same data. */
    record Control(PostgresResource resource) {

        void stopServer() throws IOException {
            resource.close();
        }

        void startServer() throws IOException {
            EmbeddedPostgresServer stopped = Objects.requireNonNull(resource.server);
            resource.server = EmbeddedPostgresServer.start(Objects.requireNonNull(resource.home), stopped.port());
        }
    }
}
