package dev.wisp.gateway.demand;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.gateway.metric.GatewayMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells the autoscaler of load: at once when a revision wakes, every {@link #INTERVAL} while it is active, and once when that ended.
 * Never waits for the bus: while a revision's last report is on its way no other is sent for it, and the next one covers the longer
 * window. One per event loop, owned by it.
 */
public final class DemandReporter {

    /** Time between reports of an active revision. */
    public static final Duration INTERVAL = Duration.ofMillis(250);

    private final Bus bus;
    private final String gatewayId;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Supplier<List<String>> unreachable;
    private final GatewayMetrics metrics;
    private final Map<DemandMeter, CompletableFuture<Void>> active = new LinkedHashMap<>();

    /**
     * For one event loop.
     *
     * @param unreachable nodes that this gateway cannot reach now; called with every report, from the loop
     */
    public DemandReporter(
            Bus bus,
            String gatewayId,
            InstantSource clock,
            LongSupplier nanoClock,
            Supplier<List<String>> unreachable,
            GatewayMetrics metrics) {
        this.bus = bus;
        this.gatewayId = gatewayId;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.unreachable = unreachable;
        this.metrics = metrics;
    }

    /** Call when a meter that was not active had an arrival. */
    public void woke(DemandMeter meter) {
        active.put(meter, publish(meter));
    }

    /** Whether reports for this meter are under way. */
    public boolean isActive(DemandMeter meter) {
        return active.containsKey(meter);
    }

    /** Reports on every active revision; call every {@link #INTERVAL}. */
    public void tick() {
        for (Iterator<Map.Entry<DemandMeter, CompletableFuture<Void>>> entries =
                        active.entrySet().iterator();
                entries.hasNext(); ) {
            Map.Entry<DemandMeter, CompletableFuture<Void>> entry = entries.next();
            if (!entry.getValue().isDone()) {
                metrics.demandDropped();
                continue;
            }
            entry.setValue(publish(entry.getKey()));
            if (!entry.getKey().isActive()) {
                entries.remove();
            }
        }
    }

    private CompletableFuture<Void> publish(DemandMeter meter) {
        CompletableFuture<Void> sent = bus.publish(
                Topics.DEMAND,
                meter.revision().toString(),
                meter.report(gatewayId, clock.instant(), nanoClock.getAsLong(), unreachable.get()));
        sent.whenComplete((done, failure) -> {
            if (failure != null) {
                metrics.demandDropped();
            }
        });
        return sent;
    }
}
