package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Origin;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.StartParts;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.Rating;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.instance.Instance;
import dev.wisp.node.metering.CpuApportionPolicy.Ended;
import dev.wisp.node.metering.CpuApportionPolicy.Mark;
import dev.wisp.node.trace.InvocationTrace;
import dev.wisp.node.trace.Tracing;
import org.jspecify.annotations.Nullable;

/** What is measured of one invocation, from its dispatch to its record; confined to its event loop. */
final class Invocation {

    private final Dispatch dispatch;
    private final Funds funds;
    private final Instance instance;
    private final InstanceMeter meter;
    private final String nodeId;
    private final String method;
    private final PriceBook prices;
    private final long takenNanos;
    private final StartParts startParts;
    private final Origin origin;
    private long sentNanos;
    private long bytesIn;
    private long bytesOut;
    private @Nullable Mark mark;
    private @Nullable InvocationTrace trace;

    Invocation(
            Dispatch dispatch,
            Funds funds,
            Instance instance,
            InstanceMeter meter,
            String nodeId,
            String method,
            PriceBook prices,
            long takenNanos) {
        this.dispatch = dispatch;
        this.funds = funds;
        this.instance = instance;
        this.meter = meter;
        this.nodeId = nodeId;
        this.method = method;
        this.prices = prices;
        this.takenNanos = takenNanos;
        this.startParts = StartParts.of(dispatch.cold());
        this.origin = Origin.of(
                dispatch.trigger(), dispatch.attempt(), instance.revision().serviceUid());
    }

    Dispatch dispatch() {
        return dispatch;
    }

    Instance instance() {
        return instance;
    }

    PriceBook prices() {
        return prices;
    }

    /** Has spans made of it; {@code traceparent} is the caller's. */
    void trace(Tracing tracing, @Nullable String traceparent) {
        trace = tracing.begin(dispatch, instance.revision(), method, traceparent);
    }

    /** Null when nobody wants spans. */
    @Nullable
    InvocationTrace trace() {
        return trace;
    }

    /** The record that stands if this process dies before the invocation ends: it is not billed. */
    InvocationRecord standIn() {
        return record(0, Outcome.PLATFORM_ERROR, 0, new Measured(0, 0, false, 0));
    }

    /** The first byte goes to the container; a second attempt on another connection counts from the first. */
    void begun(long nowNanos) {
        if (mark == null) {
            mark = meter.begin(nowNanos);
            sentNanos = nowNanos;
        }
    }

    void countIn(int bytes) {
        bytesIn += bytes;
    }

    /** Whether so many more bytes of answer are. */
    boolean isPaid(int bytes) {
        return funds.coverBytes(bytesOut + bytes);
    }

    /** For how much longer it is, {@link Long#MAX_VALUE} for ever; asks for that much ahead. */
    long paidMillis(long nowNanos, long aheadMillis) {
        long goneMillis = dispatch.startMicros() / 1_000 + (nowNanos - sentNanos) / 1_000_000;
        long paid = funds.coverMillis(goneMillis + aheadMillis);
        return paid == Long.MAX_VALUE ? paid : paid - goneMillis;
    }

    /** It ends now, for want of money. */
    void ranOut() {
        funds.ranOut();
    }

    void countOut(int bytes) {
        bytesOut += bytes;
    }

    /** Closes the books; once. */
    InvocationRecord ended(int status, Outcome outcome, long nowNanos) {
        Mark begun = mark;
        if (begun == null) {
            return record(status, outcome, bytesOut, new Measured(0, 0, false, 0));
        }
        Ended cpu = meter.end(begun, nowNanos);
        long appMicros = Math.max(0, nowNanos - sentNanos) / 1_000;
        return record(
                status,
                outcome,
                bytesOut,
                new Measured(appMicros, cpu.cpuMicros(), cpu.apportioned(), meter.memoryPeakBytes(nowNanos)));
    }

    /** Closes the books without a record; once, instead of {@link #ended}. */
    void dropped(long nowNanos) {
        Mark begun = mark;
        if (begun != null) {
            meter.drop(begun, nowNanos);
        }
    }

    /** All the caller waited for, up to now: before this node and in it. */
    long totalMicros(long nowNanos) {
        return dispatch.queueMicros() + dispatch.startMicros() + (nowNanos - takenNanos) / 1_000;
    }

    /** All the caller waited for until the first byte went to the container, which has {@link #begun}. */
    long begunMicros() {
        return totalMicros(sentNanos);
    }

    private record Measured(long appMicros, long cpuMicros, boolean apportioned, long peakBytes) {}

    private InvocationRecord record(int status, Outcome outcome, long bodyBytes, Measured measured) {
        RevisionSpec revision = instance.revision();
        int cpuMillicores = revision.limits().cpuMillicores();
        long memoryBytes = revision.limits().memoryBytes();
        long billedMillis = Rating.billedMillis(prices, outcome, dispatch.startMicros(), measured.appMicros());
        return new InvocationRecord(
                dispatch.invocationId(),
                dispatch.receivedAtMicros(),
                revision.account(),
                revision.id(),
                revision.service(),
                instance.id(),
                nodeId,
                method,
                status,
                outcome,
                dispatch.queueMicros(),
                dispatch.startMicros(),
                measured.appMicros(),
                dispatch.cold() != null,
                billedMillis,
                measured.cpuMicros(),
                measured.apportioned(),
                cpuMillicores,
                memoryBytes,
                measured.peakBytes(),
                bytesIn,
                bodyBytes,
                prices.version(),
                Rating.costPicos(
                        prices, outcome, billedMillis, measured.cpuMicros(), cpuMillicores, memoryBytes, bodyBytes),
                startParts,
                origin);
    }
}
