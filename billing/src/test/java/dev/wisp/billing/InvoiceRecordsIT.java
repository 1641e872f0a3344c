package dev.wisp.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.invocation.InvocationRecord;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An invoice over HTTP, and the records behind its lines. */
@QuarkusTest
@WithTestResource(value = BillingServers.class, scope = TestResourceScope.GLOBAL)
class InvoiceRecordsIT {

    private final Bus bus;

    @TestHTTPResource("/")
    String base;

    private Api api;

    InvoiceRecordsIT(Bus bus) {
        this.bus = bus;
    }

    @BeforeEach
    @SuppressWarnings("NullAway") // Quarkus sets the field before it calls this.
    void findTheApplication() {
        api = new Api(base.replaceAll("/$", ""));
    }

    /** Records that come when the invoice is there are the next one's, and in no line of the first. */
    @Test
    void aLineOfAnInvoiceOpensToItsRecordsForEver() throws Exception {
        YearMonth month = YearMonth.now(ZoneOffset.UTC).minusMonths(2);
        List<InvocationRecord> calls = past(month, 30);
        publishAndAwait(calls);
        JsonNode invoice = api.post("/v1/billing/invoices", "{\"month\":\"%s\"}".formatted(month))
                .body();
        String records = records(invoice, "EGRESS");
        List<String> before = ids(records);

        publishAndAwait(past(month, 10));

        List<String> billed = calls.stream()
                .filter(call -> call.outcome().isBilled() && call.bytesOut() > 0)
                .map(call -> call.invocationId().toString())
                .toList();
        assertThat(before).containsExactlyInAnyOrderElementsOf(billed);
        assertThat(ids(records)).isEqualTo(before);
        assertThat(ids(records + "&namespace=past")).isEqualTo(before);
        assertThat(ids(records + "&service=other")).isEmpty();
        assertThat(ids(records.replaceAll("&invoice=.*", ""))).hasSizeGreaterThan(before.size());
        assertThat(ids(records.replaceAll("&invoice=.*", "&invoice=999"))).isEmpty();
        assertThat(api.get("/v1/billing/invoices/draft").body().get("lines").toString())
                .contains("Records of %s that came after its invoice".formatted(month));
    }

    private static List<InvocationRecord> past(YearMonth month, int count) {
        SplittableRandom random = new SplittableRandom(count);
        Instant middle = month.atDay(15).atTime(12, 0).toInstant(ZoneOffset.UTC);
        return IntStream.range(0, count)
                .mapToObj(i -> Invocations.any(middle.plusSeconds(i), "past", "report", random))
                .toList();
    }

    private void publishAndAwait(List<InvocationRecord> records) throws Exception {
        for (InvocationRecord record : records) {
            bus.publish(Topics.INVOCATIONS, record.account(), Invocations.alone(record))
                    .get(10, TimeUnit.SECONDS);
        }
        String last = "/v1/billing/records/" + records.getLast().invocationId();
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> api.get(last).status() == 200);
    }

    private static String records(JsonNode invoice, String meter) {
        for (JsonNode line : invoice.get("lines")) {
            if (line.get("meter").asText().equals(meter)) {
                return line.get("records").asText();
            }
        }
        throw new AssertionError("no line of " + meter + " in " + invoice);
    }

    private List<String> ids(String records) throws Exception {
        List<String> ids = new ArrayList<>();
        JsonNode page = api.get(records + "&limit=1000").body();
        page.get("records").forEach(record -> ids.add(record.get("invocationId").asText()));
        return ids;
    }
}
