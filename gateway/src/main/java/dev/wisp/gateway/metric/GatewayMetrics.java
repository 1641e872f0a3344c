package dev.wisp.gateway.metric;

import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.contracts.dataplane.RequestMethod;
import dev.wisp.gateway.ejection.EjectionPolicy.Failure;
import dev.wisp.gateway.repeat.RepeatPolicy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Everything the gateway measures. Labels are bounded: reasons and results are enums, a status is 100..599, and nothing is labelled with
 * an id or a host. A method is one of ten, whatever callers send. Thread-safe; recording allocates nothing.
 */
public final class GatewayMetrics {

    /** Why a request was answered by the gateway instead of an instance. */
    public enum Throttle {
        QUEUE_FULL,
        QUEUE_TIMEOUT,
        START_FAILED,
        NO_INSTANCE,
        SHUTTING_DOWN,
        BUDGET
    }

    /** What became of asking a node for a start. */
    public enum StartResult {
        STARTED,
        REFUSED,
        FAILED
    }

    private static final int STATUS_MIN = 100;
    private static final int STATUS_MAX = 599;

    private final MeterRegistry registry;
    private final Tags listener;
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger ejected = new AtomicInteger();
    private final Timer queueWait;
    private final Counter refusals;
    private final Counter demandDropped;
    private final Counter badRequests;
    private final Map<Throttle, Counter> throttled = new EnumMap<>(Throttle.class);
    private final Map<Failure, Counter> ejections = new EnumMap<>(Failure.class);
    private final Map<StartResult, Counter> starts = new EnumMap<>(StartResult.class);
    private final Map<RepeatPolicy.Verdict, Counter> broken = new EnumMap<>(RepeatPolicy.Verdict.class);
    private final Map<RequestMethod, AtomicReferenceArray<Timer>> durations = new EnumMap<>(RequestMethod.class);

    /**
     * The labels are OpenTelemetry's, which the process' other listeners carry too, and {@code listener} tells them apart. A route is not
     * among what the gateway knows of a workload.
     */
    public GatewayMetrics(MeterRegistry registry, int port) {
        this.registry = registry;
        this.listener = Tags.of("listener", "gateway", "server.port", Integer.toString(port), "url.scheme", "http");
        Gauge.builder("http.server.active.requests", active, AtomicInteger::get)
                .tags(listener)
                .description("Requests that are not answered to the end yet")
                .register(registry);
        Gauge.builder("wisp.gateway.queue.depth", held, AtomicInteger::get)
                .description("Requests held for an instance")
                .register(registry);
        Gauge.builder("wisp.gateway.connections", connections, AtomicInteger::get)
                .description("Open connections of callers")
                .register(registry);
        Gauge.builder("wisp.gateway.ejected.instances", ejected, AtomicInteger::get)
                .description("Instances that are left alone for a while")
                .register(registry);
        for (RequestMethod method : RequestMethod.values()) {
            durations.put(method, new AtomicReferenceArray<>(STATUS_MAX - STATUS_MIN + 1));
        }
        for (Failure reason : Failure.values()) {
            ejections.put(
                    reason,
                    counter("wisp.gateway.ejections", "Times an instance was left alone, by why", "reason", reason));
        }
        queueWait = histogram(Timer.builder("wisp.gateway.queue.wait")
                .description("How long held requests were held, starts included"));
        refusals = Counter.builder("wisp.gateway.refusals")
                .description("Requests that an instance refused and that went to another")
                .register(registry);
        demandDropped = Counter.builder("wisp.gateway.demand.reports.dropped")
                .description("Demand reports not sent because the bus was behind or away")
                .register(registry);
        badRequests = Counter.builder("wisp.gateway.bad.requests")
                .description("Requests that are not valid HTTP for the gateway")
                .register(registry);
        for (Throttle reason : Throttle.values()) {
            throttled.put(
                    reason,
                    counter("wisp.gateway.throttled.requests", "Requests refused by a limit", "reason", reason));
        }
        for (RepeatPolicy.Verdict then : RepeatPolicy.Verdict.values()) {
            broken.put(
                    then,
                    counter(
                            "wisp.gateway.broken.calls",
                            "Calls that an instance did not answer, by whether they went to another or why not",
                            "then",
                            then));
        }
        for (StartResult result : StartResult.values()) {
            starts.put(
                    result,
                    counter(
                            "wisp.gateway.instance.starts",
                            "Starts asked of nodes, by what came of them",
                            "result",
                            result));
        }
    }

    /** Where other parts of the gateway register what they measure. */
    public MeterRegistry registry() {
        return registry;
    }

    public void requestBegan() {
        active.incrementAndGet();
    }

    /**
     * Status 0 stands for a caller that went away before it was answered.
     *
     * @param trace of the call, by which its bucket may name it as an example
     */
    public void requestEnded(String method, int status, long nanos, @Nullable CallTrace trace) {
        active.decrementAndGet();
        if (status < STATUS_MIN || status > STATUS_MAX) {
            return;
        }
        Timer timer = duration(RequestMethod.of(method), status);
        if (trace == null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        } else {
            trace.during(() -> timer.record(nanos, TimeUnit.NANOSECONDS));
        }
    }

    public void held() {
        held.incrementAndGet();
    }

    public void released(long heldNanos) {
        held.decrementAndGet();
        queueWait.record(heldNanos, TimeUnit.NANOSECONDS);
    }

    public void throttled(Throttle reason) {
        count(throttled.get(reason));
    }

    public void start(StartResult result) {
        count(starts.get(result));
    }

    public void broken(RepeatPolicy.Verdict then) {
        count(broken.get(then));
    }

    public void ejection(Failure reason) {
        count(ejections.get(reason));
    }

    /** So many more instances are left alone; fewer when negative. */
    public void ejectedMore(int count) {
        ejected.addAndGet(count);
    }

    public void refused() {
        refusals.increment();
    }

    public void demandDropped() {
        demandDropped.increment();
    }

    public void badRequest() {
        badRequests.increment();
    }

    public void connectionOpened() {
        connections.incrementAndGet();
    }

    public void connectionClosed() {
        connections.decrementAndGet();
    }

    /** Requests that are held or inside an instance now. */
    public int active() {
        return active.get();
    }

    /** Requests held now. */
    public int queueDepth() {
        return held.get();
    }

    private Timer duration(RequestMethod method, int status) {
        AtomicReferenceArray<Timer> known = Objects.requireNonNull(durations.get(method), "every method has its own");
        Timer timer = known.get(status - STATUS_MIN);
        if (timer == null) {
            timer = histogram(Timer.builder("http.server.request.duration")
                    .description("From the request's head to the last byte of its answer")
                    .tags(listener)
                    .tag("http_request_method", method.label())
                    .tag("http_route", "")
                    .tag("http_response_status_code", Integer.toString(status)));
            known.set(status - STATUS_MIN, timer);
        }
        return timer;
    }

    /** The buckets that OpenTelemetry sets for HTTP, with three more below for what a warm call takes here. */
    private Timer histogram(Timer.Builder builder) {
        return builder.serviceLevelObjectives(
                        Duration.ofNanos(500_000),
                        Duration.ofMillis(1),
                        Duration.ofNanos(2_500_000),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(75),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofMillis(750),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(2_500),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(7_500),
                        Duration.ofSeconds(10))
                .register(registry);
    }

    private Counter counter(String name, String description, String label, Enum<?> value) {
        return Counter.builder(name)
                .description(description)
                .tag(label, value.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private static void count(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
