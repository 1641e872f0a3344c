package dev.wisp.billing.usage;

import dev.wisp.billing.ledger.IdDay;
import dev.wisp.contracts.price.PriceBook;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads single invocations and the price books. */
@Singleton
final class RecordStore {

    private final LedgerReader reader;

    RecordStore(LedgerReader reader) {
        this.reader = reader;
    }

    /** Up to one more than the limit, so that a caller sees whether there is a next page. */
    Uni<List<LedgerInvocation>> page(RecordQuery query) {
        RecordSql sql = RecordSql.of(query);
        return reader.read(session -> {
                    Mutiny.SelectionQuery<Object[]> selection = session.createNativeQuery(sql.text(), Object[].class);
                    sql.parameters().forEach(selection::setParameter);
                    return selection.getResultList();
                })
                .map(rows -> rows.stream().map(LedgerInvocation::of).toList());
    }

    /** Empty or one row; an id that says its day is looked for in one partition only. */
    Uni<List<LedgerInvocation>> find(UUID id) {
        return reader.read(session -> {
            if (IdDay.isTimeOrdered(id)) {
                return session.createSelectionQuery(
                                "from LedgerInvocation i where i.key.day = :day and i.key.id = :id",
                                LedgerInvocation.class)
                        .setParameter("day", IdDay.ofTimeOrdered(id))
                        .setParameter("id", id)
                        .getResultList();
            }
            return session.createSelectionQuery("from LedgerInvocation i where i.key.id = :id", LedgerInvocation.class)
                    .setParameter("id", id)
                    .getResultList();
        });
    }

    /** Every version, newest first; at least one. */
    Uni<List<PriceBook>> priceBooks() {
        return reader.read(session -> session.createSelectionQuery(
                                "from PriceBookRow p order by p.version desc", PriceBookRow.class)
                        .getResultList())
                .map(rows -> rows.stream().map(PriceBookRow::toPriceBook).toList());
    }
}
