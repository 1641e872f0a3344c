package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.budget.LeaseDesk;
import dev.wisp.billing.budget.LeaseOffice;
import dev.wisp.billing.budget.RulePublisher;
import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.embedded.EmbeddedPostgresServer;
import dev.wisp.gateway.budget.Admitted;
import dev.wisp.gateway.budget.BudgetGate;
import dev.wisp.gateway.budget.Reservation;
import dev.wisp.gateway.budget.ReservePolicy;
import dev.wisp.testkit.MemoryBus;
import dev.wisp.testkit.RevisionSpecs;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifty gateways, each with eight callers that have up to four calls under way, spend one small budget as fast as they can: the gateways' own
 * code, billing's own code and Postgres; the calls themselves are prices. What they cost in all is compared with the budget.
 */
class BudgetCapIT {

    private static final int GATEWAYS = 50;
    private static final int FEW = 5;
    private static final int CALLERS = 8;
    private static final int UNDER_WAY = 4;
    private static final Duration AWAY = Duration.ofMillis(100);
    private static final RevisionSpec HELLO = RevisionSpecs.of(new RevisionId("default", "hello-00001"), "hello")
            .account("account")
            .serviceUid("uid")
            .limits(new Limits(100, 64 << 20, 32, 1 << 20))
            .containerConcurrency(1)
            .timeoutMillis(30_000)
            .startTimeoutMillis(1_000)
            .build();
    private static final long CALL = ReservePolicy.picos(PriceBook.DEFAULT, HELLO);
    private static final long AMOUNT = 2_000 * CALL;

    /** As the platform has it. */
    private static final int CONNECTIONS_MAX = 6;

    @TempDir
    static Path database;

    private static EmbeddedPostgresServer postgres;
    private static AgroalDataSource dataSource;

    @TempDir
    Path home;

    private final MemoryBus bus = new MemoryBus();
    private final List<BudgetGate> gates = new ArrayList<>();
    private final LongAdder spent = new LongAdder();
    private final LongAdder above = new LongAdder();
    private final LongAdder admitted = new LongAdder();
    private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
    private LeaseDesk desk;

    @BeforeAll
    static void startPostgres() throws Exception {
        SharedStart.linkPrograms(database);
        postgres = EmbeddedPostgresServer.start(database);
        dataSource = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS_MAX)
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(postgres.jdbcUrl()))));
        Flyway.configure()
                .dataSource(dataSource)
                .locations("db/migration/billing")
                .load()
                .migrate();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        if (dataSource != null) {
            dataSource.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        execute("""
                INSERT INTO billing.budget (name, amount, actual, forecast, action, enforced_from)
                VALUES ('team', %d / 1e12, '{}', '{}', 'CAP', date_trunc('minute', now()))""".formatted(AMOUNT));
        RulePublisher rules = new RulePublisher(bus, new LedgerWrites(dataSource));
        rules.start();
        desk = new LeaseDesk(bus, new LeaseOffice(dataSource), InstantSource.system(), () -> publish(rules));
        desk.start();
        publish(rules);
    }

    private void open(int gateways) {
        for (int at = 0; at < gateways; at++) {
            BudgetGate gate = new BudgetGate(
                    bus,
                    "g" + at,
                    home.resolve("g" + at),
                    () -> List.of(HELLO),
                    InstantSource.system(),
                    System::nanoTime);
            gate.start();
            gates.add(gate);
        }
    }

    @AfterEach
    void stop() throws Exception {
        gates.forEach(BudgetGate::close);
        desk.close();
        execute("DELETE FROM billing.budget");
    }

    /** The bound is nothing: no call costs more than was set aside for it. */
    @Test
    void fiftyGatewaysSpendNoMoreThanTheCap() throws Exception {
        run(GATEWAYS, 0);

        assertThat(spent.sum()).isBetween(AMOUNT - CALL, AMOUNT);
        assertThat(refusals).containsOnlyKeys(ErrorCode.BUDGET_SPENT.code(), ErrorCode.BUDGET_UNSURE.code());
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(number("SELECT coalesce(sum(spent_picos), 0) FROM billing.budget_lease"))
                                .isEqualTo(spent.sum()));
    }

    /** Calls that cost more than was set aside, as long answers do: the bound is what they cost above that. */
    @Test
    void whatCallsCostAboveWhatWasSetAsideIsTheMostThatIsOverspent() throws Exception {
        run(FEW, 10);

        assertThat(above.sum()).isPositive();
        assertThat(spent.sum()).isBetween(AMOUNT - CALL, AMOUNT + above.sum());
    }

    private void run(int gateways, int dearPercent) throws Exception {
        open(gateways);
        long begun = System.nanoTime();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> ended = new ArrayList<>();
            for (int at = 0; at < gateways * CALLERS; at++) {
                BudgetGate gate = gates.get(at % gateways);
                SplittableRandom random = new SplittableRandom(at);
                Callable<Boolean> caller = () -> spend(gate, random, dearPercent);
                ended.add(callers.submit(caller));
            }
            for (Future<Boolean> caller : ended) {
                assertThat(caller.get()).isTrue();
            }
        }
        System.out.printf(
                "%d gateways: %d calls in %d ms, refused %s, spent %.4f %% of the cap%n",
                gateways,
                admitted.sum(),
                (System.nanoTime() - begun) / 1_000_000,
                refusals,
                100.0 * spent.sum() / AMOUNT);
    }

    /** Calls until it is told that the budget is spent; true when every refusal said why. */
    private boolean spend(BudgetGate gate, SplittableRandom random, int dearPercent) {
        ArrayDeque<Reservation> underWay = new ArrayDeque<>();
        while (true) {
            Admitted verdict = gate.admit("default", HELLO, micros());
            Problem refusal = verdict.refusal();
            if (refusal == null) {
                admitted.increment();
                underWay.add(verdict.reservation());
            }
            if (refusal != null || underWay.size() > random.nextInt(UNDER_WAY)) {
                settle(underWay, random, dearPercent);
            }
            if (refusal != null) {
                refusals.computeIfAbsent(refusal.code(), code -> new LongAdder())
                        .increment();
                if (!refusal.detail().contains("budget team of ")) {
                    return false;
                }
                if (refusal.code().equals(ErrorCode.BUDGET_SPENT.code())) {
                    underWay.forEach(reservation -> settle(reservation, random, dearPercent));
                    return refusal.detail().contains("it resets at ");
                }
                LockSupport.parkNanos(AWAY.toNanos());
            }
        }
    }

    private void settle(ArrayDeque<Reservation> underWay, SplittableRandom random, int dearPercent) {
        Reservation oldest = underWay.poll();
        if (oldest != null) {
            settle(oldest, random, dearPercent);
        }
    }

    private void settle(Reservation reservation, SplittableRandom random, int dearPercent) {
        boolean dear = random.nextInt(100) < dearPercent;
        long cost = dear ? CALL + random.nextLong(CALL) : random.nextLong(CALL + 1);
        spent.add(cost);
        above.add(Math.max(0, cost - CALL));
        reservation.settle(cost);
    }

    private static void publish(RulePublisher rules) {
        try {
            rules.runOnce(Instant.now());
        } catch (SQLException e) {
            throw new IllegalStateException("publishing budgets", e);
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws Exception {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static long micros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
