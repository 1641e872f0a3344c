package dev.wisp.billing.price;

import dev.wisp.billing.ledger.Ledger;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Puts every version that the store has on {@code wisp.prices}: at the start, when poked, and once a minute, since a version that was
 * stored just before a crash must not stay unheard. What the broker has acknowledged is not sent again.
 */
@Singleton
final class PricePublisher {

    private static final Logger LOG = Logger.getLogger(PricePublisher.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Bus bus;
    private final Ledger ledger;
    private final String services;
    private final Map<Integer, PriceBook> published = new HashMap<>();
    private final LinkedBlockingQueue<Boolean> pokes = new LinkedBlockingQueue<>(1);
    private final Thread thread = Thread.ofVirtual().name("wisp-billing-prices").unstarted(this::run);

    PricePublisher(
            Bus bus,
            DataSource dataSource,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.bus = bus;
        this.ledger = new Ledger(dataSource);
        this.services = services;
    }

    void start(@Observes StartupEvent event) {
        if (Services.parse(services).runs(Service.BILLING)) {
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    /** A version was stored. */
    void poke() {
        pokes.offer(true);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            Duration pause = runOnce() ? INTERVAL : RETRY;
            try {
                pokes.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean runOnce() {
        try {
            for (PriceBook book : ledger.priceBooks().byVersion().values()) {
                publish(book);
            }
            return true;
        } catch (SQLException | CompletionException e) {
            LOG.debugf("prices are not published yet: %s", e.getMessage());
            return false;
        }
    }

    private void publish(PriceBook book) {
        if (book.equals(published.get(book.version()))) {
            return;
        }
        CompletableFuture<Void> sent = bus.publish(Topics.PRICES, Integer.toString(book.version()), book);
        sent.join();
        published.put(book.version(), book);
        LOG.infof("published prices version=%d effectiveFrom=%s", book.version(), book.effectiveFrom());
    }
}
