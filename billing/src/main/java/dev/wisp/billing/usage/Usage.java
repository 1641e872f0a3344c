package dev.wisp.billing.usage;

import dev.wisp.contracts.price.PriceBook;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers questions about usage and cost. Thread-safe. */
@Singleton
public final class Usage {

    private final UsageStore sums;
    private final RecordStore records;

    Usage(UsageStore sums, RecordStore records) {
        this.sums = sums;
        this.records = records;
    }

    Uni<UsageAnswer> answer(UsageQuery query) {
        return currency().chain(currency -> sums.usage(query).map(rows -> UsageAnswer.of(query, currency, rows)));
    }

    Uni<CurrentBill> currentBill(Instant now) {
        Instant from = UsageWindow.MONTH.floor(now);
        Instant to = UsageWindow.MONTH.plus(from, 1);
        return currency()
                .chain(currency ->
                        byService(UsageWindow.MONTH, from, to).map(services -> bill(from, to, currency, services)));
    }

    Uni<ProjectedBill> projectedBill(Instant now) {
        Instant from = UsageWindow.MONTH.floor(now);
        Instant weeksAgo = UsageWindow.DAY.plus(UsageWindow.DAY.floor(now), -ProjectionPolicy.DAYS_BACK);
        Instant earliest = weeksAgo.isBefore(from) ? weeksAgo : from;
        Instant to = UsageWindow.MONTH.plus(from, 1);
        UsageQuery query = new UsageQuery(null, null, earliest, to, UsageWindow.DAY, EnumSet.noneOf(UsageGroup.class));
        return currency()
                .chain(currency -> sums.usage(query).map(rows -> ProjectedBill.of(currency, from, to, now, rows)));
    }

    /** Sums by service over whole windows. Fails with E1701 when the store is away. */
    public Uni<Map<ServiceName, UsageSums>> byService(UsageWindow window, Instant from, Instant to) {
        UsageQuery query =
                new UsageQuery(null, null, from, to, window, EnumSet.of(UsageGroup.NAMESPACE, UsageGroup.SERVICE));
        return sums.usage(query).map(Usage::byService);
    }

    /** The newest price book's. */
    public Uni<String> currency() {
        return records.priceBooks().map(List::getFirst).map(PriceBook::currency);
    }

    private static Map<ServiceName, UsageSums> byService(List<UsageRow> rows) {
        Map<ServiceName, UsageSums> services = new TreeMap<>();
        for (UsageRow row : rows) {
            services.merge(
                    new ServiceName(String.valueOf(row.namespace()), String.valueOf(row.service())),
                    row.sums(),
                    UsageSums::plus);
        }
        return services;
    }

    private static CurrentBill bill(Instant from, Instant to, String currency, Map<ServiceName, UsageSums> services) {
        UsageSums total = services.values().stream().reduce(UsageSums.NONE, UsageSums::plus);
        return new CurrentBill(
                from,
                to,
                currency,
                services.entrySet().stream()
                        .map(entry -> new CurrentBill.Service(
                                entry.getKey().namespace(), entry.getKey().name(), UsageFigures.of(entry.getValue())))
                        .toList(),
                UsageFigures.of(total));
    }
}
