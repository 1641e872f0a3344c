package dev.wisp.bench.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Collection;

/** Sums over records. */
record Totals(BigInteger invocations, BigInteger billedMillis, BigInteger cpuMicros, BigInteger costPicos) {

    /** As the usage API tells them. */
    static Totals of(JsonNode figures) {
        return new Totals(
                new BigInteger(figures.path("invocations").asText("0")),
                new BigInteger(figures.path("billedMillis").asText("0")),
                new BigInteger(figures.path("cpuMicros").asText("0")),
                new BigInteger(figures.path("costPicos").asText("0")));
    }

    static Totals of(Collection<LedgerRecord> records) {
        BigInteger billed = BigInteger.ZERO;
        BigInteger cpu = BigInteger.ZERO;
        BigInteger cost = BigInteger.ZERO;
        for (LedgerRecord record : records) {
            billed = billed.add(BigInteger.valueOf(record.billedMillis()));
            cpu = cpu.add(BigInteger.valueOf(record.cpuMicros()));
            cost = cost.add(BigInteger.valueOf(record.costPicos()));
        }
        return new Totals(BigInteger.valueOf(records.size()), billed, cpu, cost);
    }
}
