package dev.wisp.billing.ledger;

import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;

/**
 * A batch with what can be made of it before its transaction: rows as COPY reads them, digests for the chain and sums, which hold
 * if all of its records are new.
 *
 * @param number of the batch in the chain; 0 without records
 * @param newest ids of the newest records, at most {@link Ledger#NEWEST_MAX}
 * @param days whose partitions it needs
 * @param ids of all records
 */
@SuppressWarnings("ArrayRecordComponent") // Carried from one thread to the next and never compared.
record PreparedBatch(
        LedgerBatch batch,
        long number,
        byte[] rows,
        List<ChainContent> contents,
        Collection<MinuteSums> sums,
        Collection<BilledSums> billed,
        Set<UUID> newest,
        Set<LocalDate> days,
        Set<UUID> ids) {

    private record Service(String namespace, String name) {}

    static PreparedBatch of(LedgerBatch batch, long number) {
        List<RatedRecord> records = batch.records();
        return new PreparedBatch(
                batch,
                number,
                CopyRows.encode(byService(records), number),
                BatchDigests.of(records, number),
                MinuteSums.of(records),
                BilledSums.of(records),
                newest(records),
                days(batch),
                ids(records));
    }

    /** Whether no record of one is in the other. */
    boolean isDisjoint(PreparedBatch other) {
        return Collections.disjoint(ids, other.ids);
    }

    private static Set<UUID> ids(List<RatedRecord> records) {
        Set<UUID> ids = HashSet.newHashSet(records.size());
        records.forEach(rated -> ids.add(rated.record().invocationId()));
        return ids;
    }

    /** The index by service is changed in one place after the other, and not all over: a fifth less work for Postgres. */
    private static List<RatedRecord> byService(List<RatedRecord> records) {
        Map<Service, List<RatedRecord>> services = new LinkedHashMap<>();
        for (RatedRecord rated : records) {
            InvocationRecord record = rated.record();
            services.computeIfAbsent(
                            new Service(record.revision().namespace(), record.service()), key -> new ArrayList<>())
                    .add(rated);
        }
        List<RatedRecord> sorted = new ArrayList<>(records.size());
        services.values().forEach(sorted::addAll);
        return sorted;
    }

    private static Set<UUID> newest(List<RatedRecord> records) {
        PriorityQueue<UUID> newest = new PriorityQueue<>(BatchDigests.BY_BYTES);
        // The newest are mostly at the end, and what comes after them is then refused by one look.
        for (RatedRecord rated : records.reversed()) {
            UUID id = rated.record().invocationId();
            if (newest.size() < Ledger.NEWEST_MAX) {
                newest.add(id);
            } else if (BatchDigests.BY_BYTES.compare(id, newest.element()) > 0) {
                newest.remove();
                newest.add(id);
            }
        }
        return new HashSet<>(newest);
    }

    private static Set<LocalDate> days(LedgerBatch batch) {
        Set<LocalDate> days = new HashSet<>();
        for (RatedRecord rated : batch.records()) {
            days.add(IdDay.of(rated.record().invocationId(), rated.record().receivedAtMicros()));
        }
        batch.times().instances().forEach(time -> days.add(time.day()));
        return days;
    }
}
