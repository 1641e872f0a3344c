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

    Uni<UsageAnswer> answer(UsagePage page) {
        return currency().chain(currency -> sums.page(page).chain(rows -> answer(page, currency, rows)));
    }

    /** What came whole is summed here; of what comes in pages, the total is a question of its own. */
    private Uni<UsageAnswer> answer(UsagePage page, String currency, List<UsageRow> rows) {
        boolean more = page.isExceededBy(rows);
        List<UsageRow> shown = more ? rows.subList(0, page.limit()) : rows;
        Uni<UsageSums> total = more || page.after() != null
                ? sums.total(page.query())
                : Uni.createFrom()
                        .item(() -> shown.stream().map(UsageRow::sums).reduce(UsageSums.NONE, UsageSums::plus));
        return total.map(sum -> UsageAnswer.of(page, currency, shown, sum, more));
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
}
