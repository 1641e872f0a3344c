package dev.wisp.billing.ledger;

import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** What the chain has to cover of a batch whose records are all new: the same as {@link LedgerSql#digest} finds in the table. */
final class BatchDigests {

    /** As Postgres orders them: by their bytes. */
    static final Comparator<UUID> BY_BYTES = (one, other) -> {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    };

    private static final Comparator<Part> BY_NAMESPACE_AND_DAY =
            Comparator.comparing(Part::namespace).thenComparing(Part::day);

    private record Part(String namespace, LocalDate day) {}

    private BatchDigests() {}

    static List<ChainContent> of(List<RatedRecord> records, long batch) {
        Map<Part, List<RatedRecord>> parts = new TreeMap<>(BY_NAMESPACE_AND_DAY);
        for (RatedRecord rated : records) {
            parts.computeIfAbsent(part(rated.record()), part -> new ArrayList<>())
                    .add(rated);
        }
        return parts.entrySet().stream()
                .map(entry -> content(entry.getKey(), entry.getValue(), batch))
                .toList();
    }

    private static ChainContent content(Part part, List<RatedRecord> records, long batch) {
        records.sort(Comparator.comparing(rated -> rated.record().invocationId(), BY_BYTES));
        MessageDigest sha256 = ChainHash.sha256();
        CopyRows.hashes(records, batch).forEach(sha256::update);
        return new ChainContent(
                part.namespace(), ChainKind.INVOCATIONS, part.day(), batch, records.size(), sha256.digest());
    }

    private static Part part(InvocationRecord record) {
        return new Part(record.revision().namespace(), IdDay.of(record.invocationId(), record.receivedAtMicros()));
    }
}
