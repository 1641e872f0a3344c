package dev.wisp.billing.usage;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * How long the last calls of each service took, of queue, start and container together. Sums know means only, so these come from records: of
 * the busiest services and so few of each that it is {@value #RECORDS_MAX} records whatever the ledger holds, each found by the index by
 * service.
 */
@Singleton
public final class RecentTimes {

    static final Duration SINCE = Duration.ofHours(24);

    private static final int RECORDS_MAX = 6_000;
    private static final int CALLS = 200;

    /** Fewer of each once they would be too many in all; fewer yet, and a p95 would be a maximum. */
    private static final int CALLS_OF_MANY = 20;

    private static final int SERVICES_MAX = RECORDS_MAX / CALLS_OF_MANY;

    private static final String COUNT =
            "SELECT count(*) FROM (SELECT DISTINCT namespace, service FROM billing.usage_hour WHERE bucket >= :since) AS named";

    private final LedgerReader reader;

    /**
     * Of one service.
     *
     * @param calls how many they are of, at most {@value #CALLS}
     * @param p50Micros half of them took at most this
     * @param p95Micros 95 in 100 of them took at most this
     */
    public record Times(ServiceName service, long calls, long p50Micros, long p95Micros) {}

    RecentTimes(LedgerReader reader) {
        this.reader = reader;
    }

    /** Of services that were called in the last {@link #SINCE}, in no order. Fails with E1701 when the store is away. */
    public Uni<List<Times>> until(Instant now) {
        Instant since = now.minus(SINCE);
        LocalDate day = LocalDate.ofInstant(since, ZoneOffset.UTC);
        return reader.read(session -> session.createNativeQuery(COUNT, Long.class)
                        .setParameter("since", since)
                        .getSingleResult()
                        .chain(services -> session.createNativeQuery(times(services), Object[].class)
                                .setParameter("since", since)
                                .setParameter("day", day)
                                .getResultList()))
                .map(rows -> rows.stream().map(RecentTimes::times).toList());
    }

    /** The limit is a constant of the statement: not knowing it, Postgres may read and sort a service's whole day. */
    private static String times(long services) {
        int calls = services * CALLS <= RECORDS_MAX ? CALLS : CALLS_OF_MANY;
        return """
            SELECT named.namespace, named.service, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY micros),
              percentile_disc(0.95) WITHIN GROUP (ORDER BY micros)
            FROM (SELECT namespace, service FROM billing.usage_hour WHERE bucket >= :since
              GROUP BY namespace, service ORDER BY sum(invocations) DESC, namespace, service LIMIT %d) AS named
            CROSS JOIN LATERAL (SELECT queue_us + start_us + app_us AS micros FROM billing.invocation WHERE id_day >= :day%s
              ORDER BY id_day DESC, invocation_id DESC LIMIT %d) AS call
            GROUP BY named.namespace, named.service
            """.formatted(SERVICES_MAX, RecordSql.OF_SERVICE, calls);
    }

    private static Times times(Object[] row) {
        return new Times(
                new ServiceName((String) row[0], (String) row[1]), number(row[2]), number(row[3]), number(row[4]));
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
