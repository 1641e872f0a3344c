package dev.wisp.billing.usage;

import dev.wisp.billing.ledger.IdDay;
import dev.wisp.contracts.price.PriceBook;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads single invocations and the price books. */
@Singleton
final class RecordStore {

    private static final String ARRIVED_MILLIS =
            "SELECT (extract(epoch FROM arrived_at) * 1000)::bigint FROM billing.redated WHERE said_id = :id";

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

    /**
     * Empty or one row; an id that says its day is looked for in one partition only. A record that was dated by its arrival is found by the id
     * that its caller knows, too.
     */
    Uni<List<LedgerInvocation>> find(UUID id) {
        return reader.read(session -> stored(session, id)
                .chain(rows ->
                        rows.isEmpty() ? redated(session, id) : Uni.createFrom().item(rows)));
    }

    private static Uni<List<LedgerInvocation>> stored(Mutiny.Session session, UUID id) {
        if (IdDay.isTimeOrdered(id)) {
            return session.createSelectionQuery(
                            "from LedgerInvocation i where i.key.day = :day and i.key.id = :id", LedgerInvocation.class)
                    .setParameter("day", IdDay.ofTimeOrdered(id))
                    .setParameter("id", id)
                    .getResultList();
        }
        return session.createSelectionQuery("from LedgerInvocation i where i.key.id = :id", LedgerInvocation.class)
                .setParameter("id", id)
                .getResultList();
    }

    private static Uni<List<LedgerInvocation>> redated(Mutiny.Session session, UUID said) {
        return session.createNativeQuery(ARRIVED_MILLIS, Long.class)
                .setParameter("id", said)
                .getResultList()
                .chain(millis -> millis.isEmpty()
                        ? Uni.createFrom().item(List.of())
                        : stored(session, IdDay.at(said, Instant.ofEpochMilli(millis.getFirst()))));
    }

    /** Every version, newest first; at least one. */
    Uni<List<PriceBook>> priceBooks() {
        return reader.read(session -> session.createSelectionQuery(
                                "from PriceBookRow p order by p.version desc", PriceBookRow.class)
                        .getResultList())
                .map(rows -> rows.stream().map(PriceBookRow::toPriceBook).toList());
    }
}
