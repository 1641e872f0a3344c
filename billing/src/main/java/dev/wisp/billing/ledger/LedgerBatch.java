package dev.wisp.billing.ledger;

import dev.wisp.billing.rating.RatedRecord;
import java.util.List;
import java.util.Map;

/**
 * What one transaction takes in: records of calls and of instances' time, values that are none, and where each partition was and will be read.
 *
 * @param readFrom per partition, the offset the ledger held when reading began: the transaction is refused if it holds another
 * @param readOnAt per partition, the offset to read on at; same keys
 */
public record LedgerBatch(
        String topic,
        Map<Integer, Long> readFrom,
        Map<Integer, Long> readOnAt,
        List<RatedRecord> records,
        TimeRecords times,
        List<RejectedValue> rejected) {

    /** One without records of time. */
    public LedgerBatch(
            String topic,
            Map<Integer, Long> readFrom,
            Map<Integer, Long> readOnAt,
            List<RatedRecord> records,
            List<RejectedValue> rejected) {
        this(topic, readFrom, readOnAt, records, TimeRecords.NONE, rejected);
    }

    public LedgerBatch {
        readFrom = Map.copyOf(readFrom);
        readOnAt = Map.copyOf(readOnAt);
        records = List.copyOf(records);
        rejected = List.copyOf(rejected);
        if (!readFrom.keySet().equals(readOnAt.keySet())) {
            throw new IllegalArgumentException("readFrom=%s and readOnAt=%s, must be of the same partitions"
                    .formatted(readFrom.keySet(), readOnAt.keySet()));
        }
    }
}
