package dev.wisp.billing.usage;

import java.time.Instant;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * A question for records, newest first.
 *
 * @param from received at or after it
 * @param to received before it
 * @param after where an earlier answer ended
 */
public record RecordQuery(
        @Nullable String namespace,
        @Nullable String service,
        @Nullable Instant from,
        @Nullable Instant to,
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
                QueryParameters.limit(given.limit(), LIMIT_DEFAULT, LIMIT_MAX),
                cursor == null || cursor.isEmpty() ? null : RecordCursor.parse(cursor));
    }
}
