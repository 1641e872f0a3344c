package dev.wisp.gateway.budget;

import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.budget.LeaseAnswer;
import dev.wisp.contracts.budget.LeaseAsk;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides of each call whether its budgets pay for it, and keeps money of capped ones at hand. A call waits for nobody: what this gateway
 * holds decides, and a thread of its own asks for more. A call that no budget covers costs one read. Thread-safe.
 */
public final class BudgetGate implements AutoCloseable {

    /** How often purses are looked after while there are capped budgets. */
    private static final Duration ROUND = Duration.ofMillis(100);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Bus bus;
    private final String gatewayId;
    private final String boot = UUID.randomUUID().toString();
    private final RulesFile file;
    private final Supplier<Collection<RevisionSpec>> revisions;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final AtomicReference<Tills> tills = new AtomicReference<>(Tills.NONE);
    private final AtomicReference<PriceBooks> books = new AtomicReference<>(PriceBooks.DEFAULT);
    private final Set<String> unconfirmed = new HashSet<>();
    private boolean topicHasValues;
    private final LinkedBlockingQueue<Boolean> pokes = new LinkedBlockingQueue<>(1);
    private final List<Bus.Subscription> subscriptions = new ArrayList<>();
    private final Thread thread;
    private final Till.Money money;
    private volatile boolean closed;

    /**
     * @param gatewayId stable name; two gateways must not share one
     * @param stateDirectory where the last known budgets are kept
     * @param revisions those that may be called, to have money for their first call
     * @param clock names the month and the prices
     * @param nanoClock monotonic, for all that lasts
     */
    public BudgetGate(
            Bus bus,
            String gatewayId,
            Path stateDirectory,
            Supplier<Collection<RevisionSpec>> revisions,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.bus = bus;
        this.gatewayId = gatewayId;
        this.file = new RulesFile(stateDirectory);
        this.revisions = revisions;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.money = new Till.Money(nanoClock, () -> pokes.offer(true));
        this.thread = Thread.ofVirtual().name("gateway-budgets").unstarted(this::run);
    }

    /** Takes the budgets on disk at once, then follows the bus; needs no bus to return. */
    public void start() {
        for (BudgetRule rule : file.read()) {
            unconfirmed.add(rule.name());
            tills.set(tills.get().with(rule.name(), rule, money));
        }
        subscriptions.add(bus.subscribe(Topics.PRICES, this::priced));
        subscriptions.add(bus.subscribe(Topics.LEASE_ANSWERS, this::answered));
        Bus.Subscription rules = bus.subscribe(Topics.BUDGETS, this::ruled);
        subscriptions.add(rules);
        rules.caughtUp().thenRun(this::dropUnconfirmed);
        thread.start();
    }

    /**
     * Whether a call may go.
     *
     * @param revision null while it is not known, which refuses in a capped namespace
     * @param receivedAtMicros wall clock, microseconds since 1970 UTC
     */
    public Admitted admit(String namespace, @Nullable RevisionSpec revision, long receivedAtMicros) {
        List<Till> covering = tills.get().covering(namespace);
        return covering.isEmpty() ? Admitted.FREE : admit(covering, revision, instant(receivedAtMicros));
    }

    @Override
    public void close() {
        subscriptions.forEach(Bus.Subscription::close);
        // Not an interrupt, which would break a write of the file off.
        closed = true;
        pokes.offer(true);
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Admitted admit(List<Till> covering, @Nullable RevisionSpec revision, Instant receivedAt) {
        List<Reservation> setAside = new ArrayList<>(covering.size());
        // Once for all: prices may change while this looks.
        PriceBook book = books.get().at(receivedAt);
        long picos = revision == null ? 0 : ReservePolicy.picos(book, revision);
        long nowNanos = nanoClock.getAsLong();
        for (Till till : covering) {
            Admitted verdict = admit(till, revision, picos, receivedAt, nowNanos);
            if (verdict.refusal() != null) {
                setAside.forEach(reservation -> reservation.settle(0));
                return verdict;
            }
            if (!verdict.equals(Admitted.FREE)) {
                setAside.add(verdict.reservation());
            }
        }
        if (setAside.isEmpty() || revision == null) {
            return Admitted.FREE;
        }
        Reservation all = setAside.size() == 1 ? setAside.getFirst() : new Reservation.All(setAside);
        return new Admitted(null, all, new CallFunds(book, revision, picos, all));
    }

    private Admitted admit(Till till, @Nullable RevisionSpec revision, long picos, Instant receivedAt, long nowNanos) {
        boolean cap = till.isCap(receivedAt, nowNanos);
        if (revision == null
                ? !cap && !till.rule().labels().isEmpty()
                : !till.rule().covers(revision)) {
            return Admitted.FREE;
        }
        Problem refusal = till.refusal(receivedAt, nowNanos);
        if (refusal != null) {
            return Admitted.refused(refusal);
        }
        if (!cap) {
            return Admitted.FREE;
        }
        if (revision == null) {
            return Admitted.refused(Refusals.unknownRevision(till.rule()));
        }
        return picos == 0 ? Admitted.FREE : till.reserve(picos, nowNanos);
    }

    private void priced(String version, @Nullable PriceBook book) {
        if (book != null) {
            books.updateAndGet(known -> known.with(book));
        }
    }

    private void answered(String key, @Nullable LeaseAnswer answer) {
        if (answer == null
                || !answer.gatewayId().equals(gatewayId)
                || !answer.boot().equals(boot)) {
            return;
        }
        Till till = tills.get().byName().get(answer.budget());
        if (till != null && till.rule().scopeId().equals(answer.scopeId())) {
            till.answered(answer, nanoClock.getAsLong());
        }
    }

    private synchronized void ruled(String name, @Nullable BudgetRule rule) {
        topicHasValues = true;
        unconfirmed.remove(name);
        Tills next = tills.get().with(name, rule, money);
        tills.set(next);
        file.write(next.rules());
        pokes.offer(true);
    }

    /**
     * What was on disk and is no longer on the topic was taken away meanwhile. A topic without any value says nothing: a broker that lost its
     * data must not lift a cap.
     */
    private synchronized void dropUnconfirmed() {
        if (!topicHasValues) {
            return;
        }
        for (String name : List.copyOf(unconfirmed)) {
            ruled(name, null);
        }
    }

    private void run() {
        while (!closed) {
            try {
                if (anyCap()) {
                    pokes.poll(ROUND.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    pokes.take();
                }
                tick(clock.instant(), nanoClock.getAsLong());
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    private boolean anyCap() {
        return tills.get().byName().values().stream().anyMatch(Till::isCap);
    }

    private void tick(Instant now, long nowNanos) {
        for (Till till : tills.get().byName().values()) {
            if (till.isCap()) {
                if (till.isUnused()) {
                    till.expect(dearestCall(till.rule(), now));
                }
                ask(till.rule(), till.tick(nowNanos));
            }
        }
    }

    private void ask(BudgetRule rule, Purse.@Nullable Ask ask) {
        if (ask != null) {
            LeaseAsk sent = new LeaseAsk(
                    rule.name(),
                    rule.scopeId(),
                    gatewayId,
                    boot,
                    ask.number(),
                    ask.askedNanos(),
                    ask.wantedPicos(),
                    ask.leastPicos(),
                    ask.closed());
            // An ask that does not arrive is made again when no answer has come.
            bus.publish(Topics.LEASE_ASKS, rule.name(), sent);
        }
    }

    private long dearestCall(BudgetRule rule, Instant now) {
        PriceBook book = books.get().at(now);
        return revisions.get().stream()
                .filter(rule::covers)
                .mapToLong(revision -> ReservePolicy.picos(book, revision))
                .filter(picos -> picos < Long.MAX_VALUE)
                .max()
                .orElse(0);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }
}
