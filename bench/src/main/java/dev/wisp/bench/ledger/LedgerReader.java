package dev.wisp.bench.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.bench.platform.BenchService;
import dev.wisp.bench.platform.Platform;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a service's records, page by page, and its totals. */
final class LedgerReader {

    private static final int PAGE = 1_000;

    private final Platform platform;
    private final String filter;

    LedgerReader(Platform platform, String service) {
        this.platform = platform;
        this.filter = "namespace=%s&service=%s".formatted(BenchService.NAMESPACE, service);
    }

    List<LedgerRecord> records() {
        List<LedgerRecord> records = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = Platform.successful(
                    "reading records",
                    platform.get("/v1/billing/records?%s&limit=%d&cursor=%s"
                            .formatted(filter, PAGE, URLEncoder.encode(cursor, StandardCharsets.UTF_8))));
            page.path("records").forEach(record -> records.add(LedgerRecord.of(record)));
            cursor = page.path("nextCursor").asText("");
        } while (!cursor.isEmpty() && !cursor.equals("null"));
        return records;
    }

    Totals totals() {
        JsonNode usage =
                Platform.successful("reading usage", platform.get("/v1/usage?%s&window=DAY".formatted(filter)));
        return Totals.of(usage.path("total"));
    }
}
