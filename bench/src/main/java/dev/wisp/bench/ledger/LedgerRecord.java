package dev.wisp.bench.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/** A record as billing tells it. */
record LedgerRecord(UUID invocationId, String outcome, int status, long billedMillis, long cpuMicros, long costPicos) {

    static LedgerRecord of(JsonNode json) {
        return new LedgerRecord(
                UUID.fromString(json.path("invocationId").asText()),
                json.path("outcome").asText(),
                json.path("status").asInt(),
                json.path("billedMillis").asLong(),
                json.path("cpuMicros").asLong(),
                Long.parseLong(json.path("costPicos").asText()));
    }

    boolean isPlatformError() {
        return outcome.equals("PLATFORM_ERROR");
    }
}
