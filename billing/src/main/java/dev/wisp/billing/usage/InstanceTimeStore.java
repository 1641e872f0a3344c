package dev.wisp.billing.usage;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads records of instances' time. */
@Singleton
final class InstanceTimeStore {

    private final LedgerReader reader;

    InstanceTimeStore(LedgerReader reader) {
        this.reader = reader;
    }

    /** Up to one more than the limit, so that a caller sees whether there is a next page. */
    Uni<List<InstanceTimeView>> page(RecordQuery query) {
        InstanceTimeSql sql = InstanceTimeSql.of(query);
        return reader.read(session -> {
                    Mutiny.SelectionQuery<Object[]> selection = session.createNativeQuery(sql.text(), Object[].class);
                    sql.parameters().forEach(selection::setParameter);
                    return selection.getResultList();
                })
                .map(rows -> rows.stream().map(InstanceTimeView::of).toList());
    }
}
