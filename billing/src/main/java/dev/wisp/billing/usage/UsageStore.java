package dev.wisp.billing.usage;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        return rows(UsageSql.of(query)).map(UsageStore::bounded).map(rows -> rows(query, rows));
    }

    /** Rows of a page, and one more when there is a next page. */
    Uni<List<UsageRow>> page(UsagePage page) {
        return rows(UsageSql.of(page)).map(rows -> rows(page.query(), rows));
    }

    /** Of everything that the question is about. */
    Uni<UsageSums> total(UsageQuery query) {
        return rows(UsageSql.total(query)).map(rows -> UsageSums.of(rows.getFirst(), 0));
    }

    private Uni<List<Object[]>> rows(UsageSql sql) {
        return reader.read(session -> {
            Mutiny.SelectionQuery<Object[]> selection = session.createNativeQuery(sql.text(), Object[].class);
            sql.parameters().forEach(selection::setParameter);
            return selection.getResultList();
        });
    }

    private static List<Object[]> bounded(List<Object[]> rows) {
        if (rows.size() > UsageSql.ROWS_MAX) {
            throw InvalidParameter.of(
                    "groupBy",
                    "…",
                    "the answer has more than %d rows: group by less, or ask for less time"
                            .formatted(UsageSql.ROWS_MAX));
        }
        return rows;
    }

    private static List<UsageRow> rows(UsageQuery query, List<Object[]> rows) {
        return rows.stream().map(row -> row(query, row)).toList();
    }

    private static UsageRow row(UsageQuery query, Object[] row) {
        List<String> names = query.groupByLabels();
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            labels.put(names.get(i), (String) row[4 + i]);
        }
        return new UsageRow(
                Instant.ofEpochSecond(((Number) row[0]).longValue()),
                (String) row[1],
                (String) row[2],
                (String) row[3],
                labels,
                UsageSums.of(row, 4 + names.size()));
    }
}
