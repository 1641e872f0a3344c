package dev.wisp.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.invocation.InvocationBatch;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.TimeCodec;
import dev.wisp.contracts.price.Money;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole module over HTTP: what goes in as records comes out as sums, lists and a bill that agree to the last pico. */
@QuarkusTest
@WithTestResource(value = BillingServers.class, scope = TestResourceScope.GLOBAL)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BillingIT {

    private static final String NAMESPACE = "agreement";
    private static final int HELLO = 230;
    private static final int RESIZE = 40;
    private static final int WAITED = 5;

    private final Bus bus;
    private final List<InvocationRecord> hello = new ArrayList<>();
    private final List<InvocationRecord> resize = new ArrayList<>();

    @TestHTTPResource("/")
    String base;

    private Api api;

    BillingIT(Bus bus) {
        this.bus = bus;
    }

    @BeforeAll
    @SuppressWarnings("NullAway") // Quarkus sets the field before it calls this.
    void callTwoServices() throws Exception {
        api = new Api(base.replaceAll("/$", ""));
        SplittableRandom random = new SplittableRandom(3);
        Instant now = Instant.now();
        for (int i = 0; i < HELLO; i++) {
            hello.add(Invocations.any(now.minus(Duration.ofMillis(i * 400L)), NAMESPACE, "hello", random));
        }
        for (int i = 0; i < RESIZE; i++) {
            resize.add(Invocations.any(now.minus(Duration.ofSeconds(i)), NAMESPACE, "resize", random));
        }
        publish(hello);
        publish(resize);
        publish(hello.subList(0, 20));
        waited(now, random);
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> total(api.get("/v1/usage?window=DAY&namespace=" + NAMESPACE)
                                        .body())
                                .equals(picos(hello).add(picos(resize)))
                        && api.get("/v1/billing/instance-times?namespace=" + NAMESPACE)
                                        .body()
                                        .get("records")
                                        .size()
                                == WAITED);
    }

    /** Stretches of two seconds idle and three frozen, in one value beside each other. */
    private void waited(Instant now, SplittableRandom random) throws Exception {
        List<ByteBuffer> encoded = new ArrayList<>();
        for (int i = 0; i < WAITED; i++) {
            InvocationRecord call = Invocations.any(now.minus(Duration.ofSeconds(i)), NAMESPACE, "hello", random);
            encoded.add(ByteBuffer.wrap(
                    TimeCodec.encode(InstanceTimes.of(call.invocationId(), call, 1, 2_000_000, 3_000_000, 100))));
        }
        bus.publish(Topics.INVOCATIONS, "default", InvocationBatch.of(encoded)).get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({"MINUTE", "HOUR", "DAY", "MONTH"})
    void sumsAgreeWithTheRecordsToTheLastPico(String window) throws Exception {
        String from = Instant.now().minus(Duration.ofMinutes(30)).toString();

        JsonNode answer = api.get(
                        "/v1/usage?groupBy=service&namespace=%s&window=%s&from=%s".formatted(NAMESPACE, window, from))
                .body();

        assertThat(sumOf(answer, "hello")).isEqualTo(picos(hello));
        assertThat(sumOf(answer, "resize")).isEqualTo(picos(resize));
        assertThat(total(answer)).isEqualTo(picos(hello).add(picos(resize)));
        assertThat(answer.at("/total/invocations").asInt()).isEqualTo(HELLO + RESIZE);
        assertThat(answer.at("/total/vcpuMillicoreMillis").asText())
                .isEqualTo(held(hello).add(held(resize)).toString());
        assertThat(answer.at("/total/cost").asText())
                .isEqualTo(Money.decimal(new BigDecimal(picos(hello).add(picos(resize)), 12)));
    }

    /** Of the last 200 of 230, and of all 40; by the plain rule over the records themselves. */
    @Test
    void saysHowLongTheLastCallsOfEachServiceTook() throws Exception {
        JsonNode services = api.get("/v1/overview/times").body();

        assertThat(times(services, "hello")).isEqualTo(expectedTimes(hello.subList(0, 200)));
        assertThat(times(services, "resize")).isEqualTo(expectedTimes(resize));
    }

    private static List<Long> times(JsonNode services, String name) {
        for (JsonNode service : services) {
            if (service.get("namespace").asText().equals(NAMESPACE)
                    && service.get("name").asText().equals(name)) {
                return List.of(
                        service.get("calls").asLong(),
                        service.get("p50Micros").asLong(),
                        service.get("p95Micros").asLong());
            }
        }
        return List.of();
    }

    private static List<Long> expectedTimes(List<InvocationRecord> calls) {
        long[] sorted = calls.stream()
                .mapToLong(call -> call.queueMicros() + call.startMicros() + call.appMicros())
                .sorted()
                .toArray();
        return List.of(
                (long) sorted.length,
                sorted[Math.ceilDiv(sorted.length, 2) - 1],
                sorted[Math.ceilDiv(sorted.length * 95, 100) - 1]);
    }

    @ParameterizedTest
    @CsvSource({
        "service=hello, 1",
        "namespace=" + NAMESPACE + ", 2",
        "namespace=" + NAMESPACE + "&service=hello, 1",
        "namespace=nobody, 0"
    })
    void listsEveryRecordOnceNewestFirstAcrossPages(String query, int services) throws Exception {
        List<InvocationRecord> expected = new ArrayList<>(services > 0 ? hello : List.of());
        expected.addAll(services > 1 ? resize : List.of());
        List<String> ids = new ArrayList<>();
        BigInteger cost = BigInteger.ZERO;
        String cursor = "";
        do {
            JsonNode page = api.get("/v1/billing/records?limit=37&%s&cursor=%s".formatted(query, cursor))
                    .body();
            for (JsonNode record : page.get("records")) {
                ids.add(record.get("invocationId").asText());
                cost = cost.add(new BigInteger(record.get("costPicos").asText()));
            }
            cursor = page.path("nextCursor").asText("");
        } while (!cursor.isEmpty() && !cursor.equals("null"));

        assertThat(ids)
                .hasSize(expected.size())
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(java.util.Comparator.<String>naturalOrder().reversed());
        assertThat(cost).isEqualTo(picos(expected));
    }

    @Test
    void findsOneRecordWithEverythingThatWasMeasured() throws Exception {
        InvocationRecord expected = hello.getFirst();

        JsonNode record =
                api.get("/v1/billing/records/" + expected.invocationId()).body();

        assertThat(record.get("appMicros").asLong()).isEqualTo(expected.appMicros());
        assertThat(record.get("cpuMicros").asLong()).isEqualTo(expected.cpuMicros());
        assertThat(record.get("cpuMillicores").asInt()).isEqualTo(expected.cpuMillicores());
        assertThat(record.get("costPicos").asText()).isEqualTo(Long.toString(expected.costPicos()));
        assertThat(record.get("rating").asText()).isEqualTo("CONFIRMED");
        assertThat(Instant.parse(record.get("receivedAt").asText()))
                .isEqualTo(Instant.EPOCH.plus(expected.receivedAtMicros(), java.time.temporal.ChronoUnit.MICROS));
    }

    @Test
    void usageComesPageByPageAndEachPageSaysTheWholeTotal() throws Exception {
        String query = "/v1/usage?window=MINUTE&groupBy=service,revision,label:team&limit=2&namespace=%s&from=%s&to=%s"
                .formatted(
                        NAMESPACE,
                        Instant.now().minus(Duration.ofMinutes(30)),
                        Instant.now().plus(Duration.ofMinutes(1)));
        List<String> keys = new ArrayList<>();
        List<String> starts = new ArrayList<>();
        BigInteger sum = BigInteger.ZERO;
        String cursor = "";
        do {
            JsonNode page = api.get(query + "&cursor=" + cursor).body();
            assertThat(page.get("data").size()).isBetween(1, 2);
            assertThat(total(page)).isEqualTo(picos(hello).add(picos(resize)));
            for (JsonNode row : page.get("data")) {
                starts.add(row.get("windowStart").asText());
                keys.add(row.get("windowStart").asText() + " " + row.get("groupBy"));
                sum = sum.add(new BigInteger(row.get("costPicos").asText()));
            }
            cursor = page.path("nextCursor").asText("");
        } while (!cursor.isEmpty());

        assertThat(keys).hasSizeGreaterThan(2).doesNotHaveDuplicates();
        assertThat(starts).isSorted();
        assertThat(sum).isEqualTo(picos(hello).add(picos(resize)));
    }

    @Test
    void timeWithoutCallsIsAMeterAndOpensToItsRecords() throws Exception {
        String from = Instant.now().minus(Duration.ofMinutes(30)).toString();
        JsonNode meter = api.get("/v1/meters/frozen-memory-time/query?window=DAY&groupBy=service&namespace=%s&from=%s"
                        .formatted(NAMESPACE, from))
                .body();
        JsonNode usage = api.get("/v1/usage?window=DAY&namespace=" + NAMESPACE).body();
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get(
                            "/v1/billing/instance-times?limit=2&meter=IDLE_MEMORY_TIME&priceVersion=1&namespace=%s&from=%s&cursor=%s"
                                    .formatted(NAMESPACE, from, cursor))
                    .body();
            page.get("records").forEach(time -> ids.add(time.get("timeId").asText()));
            cursor = page.path("nextCursor").asText("");
        } while (!cursor.isEmpty());

        assertThat(meter.at("/data/0/value").asText()).isEqualTo(Long.toString(WAITED * 3_000_000L * (128L << 20)));
        assertThat(usage.at("/total/idleMillicoreMicros").asText()).isEqualTo(Long.toString(WAITED * 2_000_000_000L));
        assertThat(ids).hasSize(WAITED).doesNotHaveDuplicates();
    }

    /** The same condition as the invoice's: what it counts of a meter is what the list has. */
    @Test
    void aLineOfTheBillOpensToTheRecordsItIsTheSumOf() throws Exception {
        long counted = 0;
        String cursor = "";
        do {
            JsonNode page = api.get("/v1/billing/records?limit=100&meter=EGRESS&priceVersion=1&namespace=%s&cursor=%s"
                            .formatted(NAMESPACE, cursor))
                    .body();
            for (JsonNode record : page.get("records")) {
                counted += record.get("bytesOut").asLong();
                assertThat(record.get("outcome").asText()).isNotIn("OUT_OF_MEMORY", "PLATFORM_ERROR");
                assertThat(record.get("bytesOut").asLong()).isPositive();
            }
            cursor = page.path("nextCursor").asText("");
        } while (!cursor.isEmpty());

        long expected = Stream.concat(hello.stream(), resize.stream())
                .filter(call -> call.outcome().isBilled())
                .mapToLong(InvocationRecord::bytesOut)
                .sum();
        assertThat(counted).isEqualTo(expected);
        assertThat(api.get("/v1/billing/records?meter=EGRESS&priceVersion=2")
                        .body()
                        .get("records"))
                .isEmpty();
        assertThat(api.get("/v1/billing/records?meter=IDLE_VCPU_TIME").status()).isEqualTo(422);
        assertThat(api.get("/v1/billing/instance-times?meter=EGRESS").status()).isEqualTo(422);
    }

    @Test
    void theBillOfTheMonthIsTheDraftOfItsInvoice() throws Exception {
        JsonNode bill = api.get("/v1/billing/current").body();
        JsonNode draft = api.get("/v1/billing/invoices/draft").body();

        assertThat(bill.get("total")).isEqualTo(draft.get("total"));
        assertThat(bill.get("lines")).isEqualTo(draft.get("lines"));
        assertThat(bill.get("lines").size()).isPositive();
        assertThat(api.get("/v1/billing/projected").body().get("soFar")).isEqualTo(draft.get("total"));
    }

    @Test
    void sumsOfServicesAreWhatTheirCallsCost() throws Exception {
        JsonNode bill = api.get("/v1/billing/current").body();

        BigInteger services = BigInteger.ZERO;
        for (JsonNode service : bill.get("services")) {
            BigInteger calls = new BigInteger(service.get("costPicos").asText());
            services = services.add(calls);
            assertThat(service.get("costWithWaitingPicos").asText())
                    .isEqualTo(calls.add(new BigInteger(
                                    service.get("waitingCostPicos").asText()))
                            .toString());
        }
        assertThat(bill.get("currency").asText()).isEqualTo("USD");
        assertThat(services.toString()).isEqualTo(bill.at("/calls/costPicos").asText());
        assertThat(api.get("/v1/overview").body().at("/month/costPicos").asText())
                .isEqualTo(bill.at("/calls/costPicos").asText());
    }

    @Test
    void aMeterComesPageByPageOrAsCsvAndAddsUpToTheTotal() throws Exception {
        String query = "window=MINUTE&groupBy=service&namespace=%s&from=%s"
                .formatted(NAMESPACE, Instant.now().minus(Duration.ofMinutes(30)));
        BigInteger sum = BigInteger.ZERO;
        String next = "0";
        while (next != null) {
            JsonNode page = api.get("/v1/meters/cost/query?limit=3&continue=%s&%s".formatted(next, query))
                    .body();
            assertThat(page.get("data").size()).isBetween(1, 3);
            for (JsonNode value : page.get("data")) {
                sum = sum.add(new BigInteger(value.get("value").asText()));
            }
            next = page.path("continue").isTextual() ? page.get("continue").asText() : null;
        }
        String[] csv = api.text("/v1/meters/cost/csv?" + query).body().split("\r\n");
        BigInteger csvSum = BigInteger.ZERO;
        for (int i = 1; i < csv.length; i++) {
            csvSum = csvSum.add(new BigInteger(csv[i].substring(csv[i].lastIndexOf(',') + 1)));
        }

        String vcpuTime = api.text("/v1/meters/vcpu-time/csv?window=DAY&namespace=%s&from=%s"
                        .formatted(NAMESPACE, Instant.now().minus(Duration.ofMinutes(30))))
                .body();

        assertThat(Arrays.stream(vcpuTime.split("\r\n"))
                        .skip(1)
                        .map(line -> new BigInteger(line.substring(line.lastIndexOf(',') + 1)))
                        .reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(held(hello).add(held(resize)));
        assertThat(sum).isEqualTo(picos(hello).add(picos(resize)));
        assertThat(csvSum).isEqualTo(sum);
        assertThat(csv[0]).isEqualTo("windowStart,windowEnd,namespace,service,revision,value");
        assertThat(api.get("/v1/meters/nothing/query").status()).isEqualTo(422);
        assertThat(api.get("/v1/meters").body().size()).isEqualTo(16);
    }

    @Test
    void tellsUsageApartByLabelsOfRevisions() throws Exception {
        label(hello.getFirst(), Map.of("team", "web", "env", "prod"));
        // What is known of a revision stays.
        label(hello.getFirst(), Map.of("team", "other"));
        label(resize.getFirst(), Map.of("team", "images"));
        String query = "/v1/usage?window=DAY&namespace=%s&groupBy=label:team".formatted(NAMESPACE);
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> costOf(api.get(query).body(), "label:team", "images")
                                .equals(picos(resize))
                        && costOf(api.get(query).body(), "label:team", "web").equals(picos(hello)));

        JsonNode selected =
                api.get(query + "&labelSelector=team%3Dweb,env%3Dprod").body();
        JsonNode none = api.get(query + "&labelSelector=team%3Dweb,env%3Dtest").body();
        JsonNode without = api.get("/v1/usage?window=DAY&namespace=%s&groupBy=label:env".formatted(NAMESPACE))
                .body();
        String csv = api.text("/v1/meters/cost/csv?window=DAY&namespace=%s&groupBy=label:team".formatted(NAMESPACE))
                .body();

        assertThat(total(selected)).isEqualTo(picos(hello));
        assertThat(none.get("data")).isEmpty();
        assertThat(costOf(without, "label:env", "")).isEqualTo(picos(resize));
        assertThat(csv).startsWith("windowStart,windowEnd,namespace,service,revision,label:team,value\r\n");
        assertThat(csv).contains(",web,").contains(",images,");
    }

    private void label(InvocationRecord record, Map<String, String> labels) throws Exception {
        bus.publish(
                        Topics.REVISIONS,
                        record.revision().toString(),
                        Revisions.of(record.revision(), record.service()).withLabels(labels))
                .get(10, TimeUnit.SECONDS);
    }

    private static BigInteger costOf(JsonNode answer, String group, String value) {
        BigInteger sum = BigInteger.ZERO;
        for (JsonNode window : answer.get("data")) {
            if (window.path("groupBy").path(group).asText("none").equals(value)) {
                sum = sum.add(new BigInteger(window.get("costPicos").asText()));
            }
        }
        return sum;
    }

    @Test
    void publishesThePricesThatRecordsWereRatedWith() throws Exception {
        JsonNode prices = api.get("/v1/billing/prices").body();

        assertThat(prices.get(0).get("perRequest").asText()).isEqualTo("0.0000002");
        assertThat(prices.get(0).get("perGibSecond").asText()).isEqualTo("0.0000025");
        assertThat(prices.get(0).get("perVcpuSecond").asText()).isEqualTo("0.00");
        assertThat(prices.get(0).get("perCpuSecond").asText()).isEqualTo("0.000024");
    }

    @Test
    void theLedgerOfTheRunningApplicationIsCleanAndItsInvoiceAFocusExport() throws Exception {
        JsonNode report = api.get("/v1/billing/verification").body();
        JsonNode draft = api.get("/v1/billing/invoices/draft").body();
        String export =
                api.text("/v1/billing/exports/focus/1.4/cost-and-usage.csv").body();

        assertThat(report.path("finding").asText("")).isIn("", "null");
        assertThat(report.get("clean").asBoolean()).isTrue();
        assertThat(draft.get("lines").size()).isPositive();
        assertThat(export).startsWith("BilledCost,BillingAccountId,").contains("\"Core-Seconds\"");
        assertThat(api.text("/v1/billing/exports/focus/1.4/cost-and-usage.parquet")
                        .body())
                .startsWith("PAR1")
                .endsWith("PAR1");
        assertThat(api.get("/v1/billing/projected").body().get("currency").asText())
                .isEqualTo("USD");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/usage?window=WEEK, window, 422",
        "/v1/usage?from=yesterday, from, 422",
        "/v1/usage?groupBy=colour, groupBy, 422",
        "/v1/usage?cursor=zzz, cursor, 422",
        "/v1/usage?limit=0, limit, 422",
        "/v1/billing/records?meter=gold, meter, 422",
        "/v1/billing/records?priceVersion=-1, priceVersion, 422",
        "/v1/billing/records?invoice=draft, invoice, 422",
        "/v1/billing/records?limit=0, limit, 422",
        "/v1/billing/records?cursor=zzz, cursor, 422",
        "/v1/billing/records?service=A_B, service, 422",
        "/v1/billing/records/no-uuid, invocationId, 422",
    })
    void namesAParameterThatIsWrong(String path, String parameter, int status) throws Exception {
        Api.Answer answer = api.get(path);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().at("/errors/0/pointer").asText()).isEqualTo("/" + parameter);
        assertThat(answer.body().get("code").asText()).isEqualTo("E1801");
    }

    @Test
    void saysSoWhenThereIsNoSuchRecord() throws Exception {
        Api.Answer answer = api.get("/v1/billing/records/01a209ed-0402-7951-bd2a-99e80962b11f");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body().get("code").asText()).isEqualTo("E1803");
    }

    private void publish(List<InvocationRecord> records) throws Exception {
        for (InvocationRecord record : records) {
            bus.publish(Topics.INVOCATIONS, record.account(), Invocations.alone(record))
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private static BigInteger picos(List<InvocationRecord> records) {
        return BigInteger.valueOf(
                records.stream().mapToLong(InvocationRecord::costPicos).sum());
    }

    /** Processor limit × billed time. */
    private static BigInteger held(List<InvocationRecord> records) {
        return BigInteger.valueOf(records.stream()
                .mapToLong(record -> record.cpuMillicores() * record.billedMillis())
                .sum());
    }

    private static BigInteger total(JsonNode answer) {
        return new BigInteger(answer.at("/total/costPicos").asText());
    }

    private static BigInteger sumOf(JsonNode answer, String service) {
        BigInteger sum = BigInteger.ZERO;
        for (JsonNode window : answer.get("data")) {
            if (window.at("/groupBy/service").asText().equals(service)) {
                sum = sum.add(new BigInteger(window.get("costPicos").asText()));
            }
        }
        return sum;
    }
}
