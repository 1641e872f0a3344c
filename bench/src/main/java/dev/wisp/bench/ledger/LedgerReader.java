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
    private static final int UNAVAILABLE = 503;

    /** Each takes the two seconds after which the API gives up. */
    private static final int TRIES_MAX = 30;

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
            JsonNode page = get(
                    "reading records",
                    "/v1/billing/records?%s&limit=%d&cursor=%s"
                            .formatted(filter, PAGE, URLEncoder.encode(cursor, StandardCharsets.UTF_8)));
            page.path("records").forEach(record -> records.add(LedgerRecord.of(record)));
            cursor = page.path("nextCursor").asText("");
        } while (!cursor.isEmpty() && !cursor.equals("null"));
        return records;
    }

    Totals totals() {
        JsonNode usage = get("reading usage", "/v1/usage?%s&window=DAY".formatted(filter));
        return Totals.of(usage.path("total"));
    }

    /** A store that does not answer in time is asked again: it may be busy with what the clients left behind. */
    private JsonNode get(String what, String path) {
        Platform.Answer answer = platform.get(path);
        for (int tries = 1; answer.status() == UNAVAILABLE && tries < TRIES_MAX; tries++) {
            answer = platform.get(path);
        }
        return Platform.successful(what, answer);
    }
}
