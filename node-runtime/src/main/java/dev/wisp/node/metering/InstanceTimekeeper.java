package dev.wisp.node.metering;

import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.NodeCpu;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.instance.Instance;
import dev.wisp.node.instance.NodeInstances;
import dev.wisp.node.metering.InstanceTimePolicy.Reading;
import dev.wisp.node.metering.InstanceTimePolicy.Spent;
import dev.wisp.node.report.Journal;
import dev.wisp.node.sandbox.BranchUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Records where each instance's time and processors went: at its end, and once a period while it lives. After each period it records what the
 * kernel counted for all of them, so that billing can compare. What the journal has no room for is recorded later, as a longer stretch. Thread-safe.
 */
public final class InstanceTimekeeper implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final String nodeId;
    private final Journal journal;
    private final Supplier<BranchUsage> branch;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Duration period;
    private final long runMicros;
    private final Map<Instance, Account> accounts = new ConcurrentHashMap<>();
    private final Thread thread;
    private BranchUsage told = BranchUsage.NONE;
    private long periodNumber = 1;

    /** What is known of one instance; guarded by the keeper. */
    private static final class Account {

        private Reading recorded = Reading.NONE;
        private @Nullable Reading last;
        private volatile @Nullable InstanceMeter meter;
    }

    /**
     * @param branch what all sandboxes have used, by the kernel's counter
     * @param period between two records of an instance that lives
     */
    public InstanceTimekeeper(
            String nodeId,
            Journal journal,
            Supplier<BranchUsage> branch,
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random,
            Duration period) {
        this.nodeId = nodeId;
        this.journal = journal;
        this.branch = branch;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.random = random;
        this.period = period;
        this.runMicros = micros(clock.instant());
        this.thread = Thread.ofVirtual().name("wisp-instance-time").unstarted(this::run);
    }

    /** Follows every instance that begins from now on. */
    public void follow(NodeInstances instances) {
        instances.onBegin(instance -> {
            accounts.put(instance, new Account());
            instance.gone().thenRun(() -> ended(instance));
        });
    }

    public void start() {
        thread.start();
    }

    /** Calls of the instance are counted by this meter. */
    void metered(Instance instance, InstanceMeter meter) {
        Account account = accounts.get(instance);
        if (account != null) {
            account.meter = meter;
        }
    }

    /** Records what there is of every instance, then of the node. */
    public synchronized void runOnce() {
        boolean complete = true;
        for (Map.Entry<Instance, Account> entry : List.copyOf(accounts.entrySet())) {
            complete &= record(entry.getKey(), entry.getValue());
        }
        BranchUsage now = branch.get();
        NodeCpu cpu = new NodeCpu(
                nodeId,
                runMicros,
                periodNumber,
                micros(clock.instant()),
                now.cpuMicros() - told.cpuMicros(),
                now.preparedMicros() - told.preparedMicros());
        if (complete && journal.noted(cpu)) {
            told = now;
            periodNumber++;
        }
    }

    /** Records what there is until now: the process is about to end. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        runOnce();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(period);
                runOnce();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void ended(Instance instance) {
        Account account = accounts.get(instance);
        if (account != null) {
            account.last = reading(instance, account);
            record(instance, account);
        }
    }

    /** False when it has to be tried again. */
    private boolean record(Instance instance, Account account) {
        Reading last = account.last;
        Reading now = last == null ? reading(instance, account) : last;
        Spent spent = InstanceTimePolicy.between(account.recorded, now);
        if (spent.lengthMicros() + spent.cpuMicros() > 0 && !journal.noted(time(instance, spent))) {
            return false;
        }
        account.recorded = now;
        if (last != null) {
            accounts.remove(instance);
        }
        return true;
    }

    /** Calls' processor time before all of it: a counter that goes on meanwhile then gives the calls no more than there is. */
    private Reading reading(Instance instance, Account account) {
        InstanceMeter meter = account.meter;
        long callCpu = meter == null ? 0 : meter.callCpuMicros();
        long busy = meter == null ? 0 : meter.busyNanos(nanoTime.getAsLong());
        long frozen = instance.frozenNanos();
        long cpu = instance.cpuMicros();
        return new Reading(instance.lifeNanos(), instance.startNanos(), busy, frozen, cpu, callCpu);
    }

    private InstanceTime time(Instance instance, Spent spent) {
        RevisionSpec revision = instance.revision();
        Instant now = clock.instant();
        return new InstanceTime(
                id(now.toEpochMilli()),
                micros(now),
                revision.account(),
                revision.id(),
                revision.service(),
                instance.id(),
                nodeId,
                spent.startMicros(),
                spent.busyMicros(),
                spent.idleMicros(),
                spent.frozenMicros(),
                spent.cpuMicros(),
                spent.callCpuMicros(),
                revision.scaling().minScale() > 0,
                revision.limits().cpuMillicores(),
                revision.limits().memoryBytes(),
                runMicros,
                periodNumber);
    }

    /** A UUID of version 7, by RFC 9562 section 5.7: milliseconds, then random bits. */
    private UUID id(long millis) {
        long high = (millis << 16) | 0x7000 | (random.nextLong() & 0x0fff);
        long low = 0x8000_0000_0000_0000L | (random.nextLong() & 0x3fff_ffff_ffff_ffffL);
        return new UUID(high, low);
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }
}
