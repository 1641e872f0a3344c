package dev.wisp.billing.usage;

import dev.wisp.billing.rating.Meter;
import java.time.Instant;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * A question for records of calls or of instances' time, newest first.
 *
 * @param from received at or after it
 * @param to received before it
 * @param priceVersion rated with it, null for any
 * @param meter only what counts for this meter on an invoice: billed, with known prices, and more than nothing of it
 * @param invoice only what this invoice counts, null for any
 * @param after where an earlier answer ended
 */
public record RecordQuery(
        @Nullable String namespace,
        @Nullable String service,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Integer priceVersion,
        @Nullable Meter meter,
        @Nullable Long invoice,
        int limit,
        @Nullable RecordCursor after) {

    static final int LIMIT_MAX = 1_000;
    private static final int LIMIT_DEFAULT = 50;

    /** The query of {@code /v1/billing/records} as it came. */
    public record Parameters(
            @RestQuery @Nullable String namespace,
            @RestQuery @Nullable String service,
            @RestQuery @Nullable String from,
            @RestQuery @Nullable String to,
            @RestQuery @Nullable String priceVersion,
            @RestQuery @Nullable String meter,
            @RestQuery @Nullable String invoice,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {}

    /** Throws {@link dev.wisp.contracts.problem.ProblemException} naming the parameter that is wrong. */
    static RecordQuery parse(Parameters given) {
        Instant from = QueryParameters.time("from", given.from());
        Instant to = QueryParameters.time("to", given.to());
        if (from != null && to != null && !from.isBefore(to)) {
            throw InvalidParameter.of("from", from.toString(), "must be before to=" + to);
        }
        String cursor = given.cursor();
        return new RecordQuery(
                QueryParameters.name("namespace", given.namespace()),
                QueryParameters.name("service", given.service()),
                from,
                to,
                version(given.priceVersion()),
                meter(given.meter()),
                invoice(given.invoice()),
                QueryParameters.limit(given.limit(), LIMIT_DEFAULT, LIMIT_MAX),
                cursor == null || cursor.isEmpty() ? null : RecordCursor.parse(cursor));
    }

    private static @Nullable Integer version(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw InvalidParameter.of("priceVersion", text, "must be the number of a version of the prices");
        }
        return Integer.valueOf(text);
    }

    private static @Nullable Long invoice(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!text.matches("[1-9]\\d{0,17}")) {
            throw InvalidParameter.of("invoice", text, "must be the number of an invoice");
        }
        return Long.valueOf(text);
    }

    private static @Nullable Meter meter(@Nullable String text) {
        return text == null || text.isEmpty() ? null : QueryParameters.choice("meter", text, Meter.class);
    }
}
