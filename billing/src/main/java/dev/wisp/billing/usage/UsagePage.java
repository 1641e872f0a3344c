package dev.wisp.billing.usage;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the rows that answer a question.
 *
 * @param limit at most so many
 * @param after where an earlier page ended, null for the first
 */
record UsagePage(UsageQuery query, int limit, @Nullable UsageCursor after) {

    /** More than the windows of any question, so that one without groups comes whole. */
    static final int LIMIT_DEFAULT = 2_000;

    static final int LIMIT_MAX = 10_000;

    /** Throws {@link dev.wisp.contracts.problem.ProblemException} naming the parameter that is wrong. */
    static UsagePage parse(UsageParameters given, Instant now) {
        UsageQuery query = UsageQuery.parse(given, now);
        String cursor = given.cursor();
        return new UsagePage(
                query,
                QueryParameters.limit(given.limit(), LIMIT_DEFAULT, LIMIT_MAX),
                cursor == null || cursor.isEmpty() ? null : UsageCursor.parse(cursor, query));
    }

    /** Whether rows up to one more than the limit are more than the page has. */
    boolean isExceededBy(List<UsageRow> rows) {
        return rows.size() > limit;
    }
}
