package dev.wisp.billing.invoice;

import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerSnapshot;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.service.Services;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Looks once a minute at what the month comes to, and shows it as metrics; while the store is away the last look stands. */
@Singleton
final class MoneyWatch {

    private static final Logger LOG = Logger.getLogger(MoneyWatch.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    /** After a look that failed: the first ones come before the schema is there. */
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final Invoices invoices;
    private final MoneyGauges gauges;
    private final Services services;
    private final InstantSource clock = InstantSource.system();
    private final Thread thread = Thread.ofVirtual().name("wisp-billing-money").unstarted(this::run);

    MoneyWatch(
            DataSource dataSource,
            InvoiceConfig config,
            MeterRegistry registry,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.dataSource = dataSource;
        this.invoices = new Invoices(config);
        this.gauges = new MoneyGauges(registry);
        this.services = Services.parse(services);
    }

    void start(@Observes StartupEvent event) {
        if (services.runs(Services.Service.BILLING)) {
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private void run() {
        Duration pause = RETRY;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(pause);
                look(clock.instant());
                pause = PERIOD;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SQLException | RuntimeException e) {
                pause = RETRY;
                LOG.debugf("the month's bill is not looked at: %s", e.getMessage());
            }
        }
    }

    private void look(Instant now) throws SQLException {
        LedgerSnapshot.ask(dataSource, connection -> {
            PriceBook book = Ledger.priceBooks(connection).at(now);
            InvoiceDocument draft = invoices.draftOrNull(connection, BillingMonth.of(now));
            gauges.show(
                    book,
                    draft == null ? BigDecimal.ZERO : new BigDecimal(draft.total()),
                    InvoiceRows.creditLeft(connection, Invoices.ACCOUNT, book.currency()));
            return book;
        });
    }
}
