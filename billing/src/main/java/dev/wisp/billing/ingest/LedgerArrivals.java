package dev.wisp.billing.ingest;

import dev.wisp.billing.ledger.Ledger;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Arrivals as the ledger keeps them. What a wrong clock dated ahead may come again when that time has come, and looks like any other record then:
 * records of each minute that was ever said and not believed are looked up. Not thread-safe.
 */
final class LedgerArrivals implements BatchReader.Arrivals {

    private static final Logger LOG = Logger.getLogger(LedgerArrivals.class);

    private final Ledger ledger;
    private final IngestMetrics metrics;
    private final InstantSource clock;
    private final Set<Long> saidMinutes = new HashSet<>();

    LedgerArrivals(Ledger ledger, IngestMetrics metrics, InstantSource clock) {
        this.ledger = ledger;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Learns of what others have dated up to where reading begins; to be called after the offsets were read. */
    void begin() throws SQLException {
        saidMinutes.addAll(ledger.saidMinutes());
    }

    @Override
    public boolean mayHave(long atMicros) {
        return saidMinutes.contains(atMicros / Ledger.MICROS_PER_MINUTE);
    }

    @Override
    public Map<UUID, Instant> of(Map<UUID, Long> undated, Set<UUID> believed) throws SQLException {
        Map<UUID, Instant> arrived = new HashMap<>();
        if (!undated.isEmpty()) {
            undated.values().forEach(at -> saidMinutes.add(at / Ledger.MICROS_PER_MINUTE));
            arrived.putAll(ledger.arrivals(undated, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        }
        if (!believed.isEmpty()) {
            arrived.putAll(ledger.arrivals(believed));
        }
        if (!arrived.isEmpty()) {
            metrics.redated(arrived.size());
            LOG.warnf("%d records are dated by their arrival: a node or a gateway has a wrong clock", arrived.size());
        }
        return arrived;
    }
}
