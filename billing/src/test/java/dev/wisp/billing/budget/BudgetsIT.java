package dev.wisp.billing.budget;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.wisp.billing.InstanceTimes;
import dev.wisp.billing.Invocations;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.LedgerDatabase;
import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.billing.ledger.TimeRecords;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.price.WaitingPrices;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.RatingState;
import dev.wisp.contracts.event.Webhook;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real spending against budgets in Postgres, and a receiver that fails before it listens. */
class BudgetsIT {

    private static final String TOPIC = "wisp.invocations";
    private static final Instant NOW = Instant.parse("2026-11-15T12:00:00Z");
    private static final String SECRET = "a secret of 24 letters..";

    private final SplittableRandom random = new SplittableRandom(3);
    private final ConcurrentLinkedQueue<Taken> taken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failuresLeft = new AtomicInteger();
    private LedgerDatabase database;
    private LedgerWrites writes;
    private HttpServer receiver;
    private BudgetPass pass;
    private Map<String, Double> used = Map.of();

    private record Taken(String id, String seconds, String signature, String body) {}

    @BeforeEach
    void start() throws Exception {
        database = LedgerDatabase.create();
        writes = new LedgerWrites(database.dataSource());
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean fails = failuresLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            if (!fails) {
                taken.add(new Taken(
                        exchange.getRequestHeaders().getFirst("webhook-id"),
                        exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                        exchange.getRequestHeaders().getFirst("webhook-signature"),
                        new String(body, StandardCharsets.UTF_8)));
            }
            exchange.sendResponseHeaders(fails ? 503 : 204, -1);
            exchange.close();
        });
        receiver.start();
        pass = new BudgetPass(writes, receiver(), random);
    }

    @AfterEach
    void stop() throws Exception {
        receiver.stop(0);
        database.close();
    }

    @Test
    void tellsOnceOfWhatWasSpentAndSigns() throws Exception {
        put(ToldBudget.of("team", "default", new BigDecimal("0.00001"), List.of(50, 100, 900), List.of()));
        put(ToldBudget.of("others", "elsewhere", new BigDecimal("0.00001"), List.of(50), List.of()));
        assertThat(round(NOW)).isZero();

        spend(0.00002);
        int noted = round(NOW);
        int again = round(NOW.plusSeconds(5));

        assertThat(noted).isEqualTo(2);
        assertThat(again).isZero();
        assertThat(used).containsEntry("others", 0.0);
        assertThat(used.get("team")).isBetween(2.0, 9.0);
        assertThat(taken).hasSize(2).allSatisfy(event -> {
            assertThat(event.signature()).startsWith("v1,");
            JsonNode json = new ObjectMapper().readTree(event.body());
            assertThat(json.path("specversion").asText()).isEqualTo("1.0");
            assertThat(json.path("id").asText()).isEqualTo(event.id());
            assertThat(json.path("type").asText()).isEqualTo(Budgets.EVENT_TYPE);
            assertThat(json.at("/data/resetsAt").asText()).isEqualTo("2026-12-01T00:00:00Z");
        });
    }

    @Test
    void triesAgainUntilTheReceiverListens() throws Exception {
        put(ToldBudget.of("team", null, new BigDecimal("0.00001"), List.of(100), List.of()));
        spend(0.00002);
        failuresLeft.set(3);

        Instant now = NOW;
        for (int round = 0; round < 10 && taken.isEmpty(); round++) {
            round(now);
            now = now.plus(Duration.ofMinutes(1));
        }

        assertThat(taken).hasSize(1);
        List<BudgetView> views = writes.run(connection -> Budgets.views(connection, NOW));
        assertThat(views)
                .singleElement()
                .satisfies(view -> assertThat(view.notices()).singleElement().satisfies(notice -> {
                    assertThat(notice.attempts()).isEqualTo(4);
                    assertThat(notice.deliveredAt()).isNotNull();
                    assertThat(notice.lastError()).isNull();
                }));
    }

    @Test
    void forecastsFromThePaceSoFar() throws Exception {
        put(ToldBudget.of("team", null, new BigDecimal("0.00003"), List.of(100), List.of(100)));
        spend(0.00002);

        round(NOW);

        assertThat(taken)
                .singleElement()
                .satisfies(event -> assertThat(event.body()).contains("FORECAST"));
    }

    @Test
    void countsOnlyRevisionsThatHaveAllOfItsLabels() throws Exception {
        BigDecimal little = new BigDecimal("0.00001");
        put(ToldBudget.labelled("web", little, List.of(100), Map.of("team", "web")));
        put(ToldBudget.labelled("web-test", little, List.of(100), Map.of("team", "web", "env", "test")));
        writes.run(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("INSERT INTO billing.revision_label VALUES"
                        + " ('default', 'hello-00001', 'team', 'web'), ('default', 'hello-00001', 'env', 'prod')");
            }
        });

        spend(0.00002);
        int noted = round(NOW);

        assertThat(noted).isEqualTo(1);
        List<BudgetView> views = writes.run(connection -> Budgets.views(connection, NOW));
        assertThat(views).extracting(BudgetView::labels).containsExactly("team=web", "env=test,team=web");
        assertThat(new BigDecimal(views.getLast().spent())).isZero();
        assertThat(new BigDecimal(views.getFirst().spent())).isGreaterThan(little);
    }

    /** 128 MiB for 4 s, a thousand times, are 500 GiB-seconds at 0.000003 USD. */
    @Test
    void aServiceThatOnlyWaitsUsesItsBudgetUp() throws Exception {
        writes.run(connection -> PriceStore.add(
                connection,
                WaitingPrices.of("2026-11-02T00:00:00Z", "5", Map.of("IDLE_MEMORY_TIME", "0.000003")),
                Instant.parse("2026-11-01T00:00:00Z")));
        put(ToldBudget.of("team", "default", new BigDecimal("0.001"), List.of(100), List.of()));
        put(ToldBudget.of("others", "elsewhere", new BigDecimal("0.001"), List.of(1), List.of()));
        Ledger ledger = new Ledger(database.dataSource());
        ledger.offsets(TOPIC, Set.of(0));
        List<TimeRecords.Priced> times = IntStream.range(0, 1_000)
                .mapToObj(i -> Invocations.success(NOW.minusSeconds(60), "hello", random))
                .map(call -> new TimeRecords.Priced(
                        InstanceTimes.of(call.invocationId(), call, 1, 2_000_000, 2_000_000, 100), 2))
                .toList();
        ledger.append(new LedgerBatch(
                TOPIC, Map.of(0, 0L), Map.of(0, 1L), List.of(), new TimeRecords(times, List.of()), List.of()));

        int noted = round(NOW);

        assertThat(noted).isEqualTo(1);
        List<BudgetView> views = writes.run(connection -> Budgets.views(connection, NOW));
        assertThat(views).extracting(BudgetView::spent).containsExactly("0.00", "0.0015");
        assertThat(views).extracting(BudgetView::spentWaiting).containsExactly("0.00", "0.0015");
    }

    /** How many thresholds were noted. */
    private int round(Instant now) throws Exception {
        Budgets.Round round = pass.note(now);
        pass.deliver(now);
        used = round.usedRatios();
        return round.noted();
    }

    private BudgetPass.Receiver receiver() {
        return new BudgetPass.Receiver(
                new Webhook("test", SECRET),
                URI.create("http://127.0.0.1:%d/hook"
                        .formatted(receiver.getAddress().getPort())));
    }

    private void put(Budget budget) throws Exception {
        writes.run(connection -> {
            BudgetRows.put(connection, budget);
            return true;
        });
    }

    /** At least this much and less than twice as much, as far as one call costs less than that. */
    private void spend(double amount) throws Exception {
        Ledger ledger = new Ledger(database.dataSource());
        ledger.offsets(TOPIC, Set.of(0));
        List<RatedRecord> records = IntStream.range(0, 1_000)
                .mapToObj(i -> new RatedRecord(
                        Invocations.success(NOW.minusSeconds(60), "hello", random), RatingState.CONFIRMED))
                .toList();
        long wanted = Math.round(amount * 1e12);
        long sum = 0;
        int count = 0;
        while (sum < wanted) {
            sum += records.get(count++).record().costPicos();
        }
        ledger.append(
                new LedgerBatch(TOPIC, Map.of(0, 0L), Map.of(0, (long) count), records.subList(0, count), List.of()));
    }
}
