package dev.wisp.billing.usage;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads the sums. */
@Singleton
final class UsageStore {

    private final LedgerReader reader;

    UsageStore(LedgerReader reader) {
        this.reader = reader;
    }

    /** Rows by window and group, oldest window first; at most {@link UsageSql#ROWS_MAX}, past that the question is refused. */
    Uni<List<UsageRow>> usage(UsageQuery query) {
        UsageSql sql = UsageSql.of(query);
        return reader.read(session -> {
                    Mutiny.SelectionQuery<Object[]> selection = session.createNativeQuery(sql.text(), Object[].class);
                    sql.parameters().forEach(selection::setParameter);
                    return selection.getResultList();
                })
                .map(UsageStore::rows);
    }

    private static List<UsageRow> rows(List<Object[]> rows) {
        if (rows.size() > UsageSql.ROWS_MAX) {
            throw InvalidParameter.of(
                    "groupBy",
                    "…",
                    "the answer has more than %d rows: group by less, or ask for less time"
                            .formatted(UsageSql.ROWS_MAX));
        }
        return rows.stream().map(UsageStore::row).toList();
    }

    private static UsageRow row(Object[] row) {
        return new UsageRow(
                Instant.ofEpochSecond(((Number) row[0]).longValue()),
                (String) row[1],
                (String) row[2],
                (String) row[3],
                UsageSums.of(row, 4));
    }
}
