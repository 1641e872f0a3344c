package dev.wisp.billing.label;

import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes down the labels of every revision that the topic tells of, as they were when it told of it first. The topic is read from its beginning at
 * every start, so that what was missed is made up for then; a store that is away is tried again.
 */
@Singleton
final class LabelWatch {

    private static final Logger LOG = Logger.getLogger(LabelWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Revisions in one transaction. */
    private static final int BATCH_MAX = 500;

    /** Of one name, those that were made first are written first. */
    private static final Comparator<LabelSet> FIRST_MADE = Comparator.comparing(LabelSet::madeOn);

    /** What is heard of it first is what stays. */
    private record Key(RevisionId revision, String serviceUid) {}

    private final Bus bus;
    private final LedgerWrites writes;
    private final String services;
    private final Map<Key, LabelSet> pending = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Boolean> pokes = new LinkedBlockingQueue<>(1);
    private final Thread thread = Thread.ofVirtual().name("wisp-billing-labels").unstarted(this::run);
    private Bus.@Nullable Subscription subscription;

    LabelWatch(
            Bus bus,
            DataSource dataSource,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.bus = bus;
        this.writes = new LedgerWrites(dataSource);
        this.services = services;
    }

    void start(@Observes StartupEvent event) {
        if (Services.parse(services).runs(Service.BILLING)) {
            subscription = bus.subscribe(Topics.REVISIONS, this::seen);
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        Bus.Subscription open = subscription;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
    }

    /** Labels of a revision that goes are kept: its usage is. */
    private void seen(String key, @Nullable RevisionSpec spec) {
        if (spec != null) {
            pending.putIfAbsent(new Key(spec.id(), spec.serviceUid()), LabelSet.of(spec));
            pokes.offer(true);
        }
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (pending.isEmpty()) {
                    pokes.take();
                }
                writeSome();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SQLException | RuntimeException e) {
                LOG.debugf("labels are not written: %s", e.getMessage());
                pause();
            }
        }
    }

    private void writeSome() throws SQLException {
        List<LabelSet> some =
                pending.values().stream().sorted(FIRST_MADE).limit(BATCH_MAX).toList();
        for (LabelSet done : writes.run(connection -> LabelRows.put(connection, some))) {
            pending.remove(new Key(done.revision(), done.serviceUid()), done);
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
