package dev.wisp.billing.ingest;

import dev.wisp.billing.ledger.Ledger;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.clock.SteadyClock;
import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The ingest's thread: opens a consumer, lets {@link IngestLoop} run, and begins again after a pause when broker or database fail. */
@Singleton
class IngestService {

    private static final Logger LOG = Logger.getLogger(IngestService.class);
    private static final int FAILURES_REPORTED = 5;
    private static final Duration STOP_MAX = Duration.ofSeconds(3);

    private final String services;
    private final String bootstrapServers;
    private final Ledger ledger;
    private final IngestConfig config;
    private final IngestMetrics metrics;
    private final StoredInvocations listener;
    private final InstantSource clock;
    private final Thread thread =
            Thread.ofPlatform().name("wisp-billing-ingest").daemon().unstarted(this::run);
    private volatile boolean stopped;
    private volatile @Nullable Consumer<byte[], byte[]> open;
    private int failuresInRow;

    IngestService(
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services,
            @ConfigProperty(name = "wisp.kafka.bootstrap-servers", defaultValue = "127.0.0.1:9092")
                    String bootstrapServers,
            DataSource dataSource,
            IngestConfig config,
            IngestMetrics metrics,
            StoredInvocations listener) {
        this.services = services;
        this.bootstrapServers = bootstrapServers;
        this.ledger = new Ledger(dataSource);
        this.config = config;
        this.metrics = metrics;
        this.listener = listener;
        this.clock = SteadyClock.system();
    }

    void start(@Observes StartupEvent event) {
        requireRetentionPastIntake();
        if (Services.parse(services).runs(Service.BILLING)) {
            thread.start();
        }
    }

    /** Lets a running transaction end: what it had not committed is read again at the next start. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped = true;
        Consumer<byte[], byte[]> running = open;
        if (running != null) {
            running.wakeup();
        }
        if (thread.isAlive() && !thread.join(STOP_MAX)) {
            thread.interrupt();
        }
    }

    /** The sums of a dropped day are sealed, so nothing may be taken in that would change them; two days for ids near midnight. */
    private void requireRetentionPastIntake() {
        Duration least = config.recordAgeMax().plusDays(2);
        config.recordRetention().filter(kept -> kept.compareTo(least) < 0).ifPresent(kept -> {
            throw new IllegalStateException(
                    "wisp.billing.ingest.record-retention=%s, must be at least record-age-max and two days: %s"
                            .formatted(kept, least));
        });
    }

    private void run() {
        while (!stopped) {
            try (Consumer<byte[], byte[]> consumer = IngestConsumer.open(bootstrapServers, config.batchMax())) {
                open = consumer;
                drain(consumer);
            } catch (WakeupException | InterruptException e) {
                LOG.debug("the ingest was woken");
            } catch (KafkaException | SQLException e) {
                metrics.failed();
                failuresInRow++;
                report(e);
                pause();
            } catch (RuntimeException e) {
                metrics.failed();
                failuresInRow++;
                LOG.errorf(e, "the ingest failed, starting over");
                pause();
            }
        }
    }

    private void drain(Consumer<byte[], byte[]> consumer) throws SQLException {
        try (IngestLoop loop =
                new IngestLoop(Topics.INVOCATIONS.name(), consumer, ledger, config, metrics, listener, clock)) {
            loop.begin();
            while (!stopped) {
                int read = loop.runOnce();
                if (read > 0 && loop.isCaughtUp()) {
                    sleep(config.gather());
                }
                if (loop.isProven()) {
                    recovered();
                }
            }
        }
    }

    private void recovered() {
        if (failuresInRow >= FAILURES_REPORTED) {
            LOG.infof("ingest goes on after %d failures", failuresInRow);
        }
        failuresInRow = 0;
    }

    /** An outage is one line, and only after a few tries: at a start, broker and database come up beside this. */
    private void report(Exception failure) {
        if (failuresInRow == FAILURES_REPORTED) {
            LOG.warnf("ingest waits, retrying up to every %s: %s", config.backoffMax(), failure.getMessage());
        } else {
            LOG.debugf("ingest failed %d times in a row: %s", failuresInRow, failure.getMessage());
        }
    }

    private void pause() {
        Duration pause = BackoffPolicy.pause(
                failuresInRow,
                config.backoffMin(),
                config.backoffMax(),
                ThreadLocalRandom.current().nextDouble());
        sleep(pause);
    }

    private void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }
}
