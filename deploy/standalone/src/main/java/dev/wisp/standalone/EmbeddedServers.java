package dev.wisp.standalone;

import dev.wisp.contracts.bus.TopicSetup;
import dev.wisp.embedded.EmbeddedKafka;
import dev.wisp.embedded.EmbeddedPostgresServer;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka and the Postgres of this process. Each starts on a thread of its own while the services start too: none of them needs
 * either to be there, and so the three starts overlap.
 */
final class EmbeddedServers {

    private static final Logger LOG = Logger.getLogger(EmbeddedServers.class);

    private final StartupPhases phases;
    private final AtomicReference<@Nullable AutoCloseable> kafka = new AtomicReference<>();
    private final AtomicReference<@Nullable AutoCloseable> postgres = new AtomicReference<>();

    EmbeddedServers(StartupPhases phases) {
        this.phases = phases;
    }

    void startKafka(Home home, String host, int port) {
        start("kafka", () -> {
            kafka.set(EmbeddedKafka.start(home.kafka(), host, port));
            TopicSetup.ensure(host + ":" + port);
        });
    }

    void startPostgres(Home home, int port) {
        start("postgres", () -> postgres.set(EmbeddedPostgresServer.start(home.postgres(), port)));
    }

    /** Topics of a Kafka that is not ours; tried until it answers. */
    void ensureTopics(String bootstrapServers) {
        start("kafka", () -> TopicSetup.ensure(bootstrapServers));
    }

    /** Stops what was started; the services must have stopped before. */
    void stop() {
        stop("kafka", kafka.getAndSet(null));
        stop("postgres", postgres.getAndSet(null));
    }

    private void start(String phase, Start start) {
        Thread.ofPlatform().daemon().name("start-" + phase).start(() -> {
            try {
                start.run();
                phases.done(phase);
            } catch (IOException | RuntimeException e) {
                LOG.errorf(e, "%s did not start", phase);
                phases.failed(phase, String.valueOf(e.getMessage()));
            }
        });
    }

    private static void stop(String name, @Nullable AutoCloseable server) {
        if (server == null) {
            return;
        }
        try {
            server.close();
        } catch (Exception e) {
            LOG.warnf(e, "%s did not stop cleanly", name);
        }
    }

    /** A start that may fail for want of disk, port or memory. */
    private interface Start {
        void run() throws IOException;
    }
}
