package dev.wisp.gateway;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.RefusedCall;
import dev.wisp.contracts.dataplane.StartInstance;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.dataplane.WispHeaders;
import dev.wisp.contracts.invocation.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

/**
 * A node without sandboxes. Starts succeed at once unless told otherwise: they can be kept waiting, refused or failed, and instances
 * can be killed behind the gateway's back. Keeps what it saw, so that tests can assert on it. Thread-safe.
 */
public final class FakeNode implements NodePort {

    public static final StartTiming TIMING =
            new StartTiming(1_000, List.of(new StartTiming.Phase("exec", 400), new StartTiming.Phase("listen", 600)));

    /** What an instance does with a request; the future completes when its answer has ended. */
    public interface Workload {

        Future<Void> serve(HttpServerRequest request, Dispatch dispatch);
    }

    private final String nodeId;
    private final int slots;
    private final Map<String, Integer> inFlight = new HashMap<>();
    private final Queue<Promise<Void>> waitingStarts = new ArrayDeque<>();
    private final List<Dispatch> dispatches = new ArrayList<>();
    private final List<RefusedCall> refused = new ArrayList<>();
    private Workload workload = FakeNode::greet;
    private Function<Integer, StartOutcome> starts = this::succeed;
    private boolean keepStartsWaiting;
    private int startsAsked;
    private int inFlightPeak;
    private int breaks;
    private String breakingInstance = "";
    private final Set<String> unconnected = new HashSet<>();

    public FakeNode(String nodeId, int slots) {
        this.nodeId = nodeId;
        this.slots = slots;
    }

    @Override
    public synchronized void refused(RefusedCall call) {
        refused.add(call);
    }

    /** Calls that the gateway answered itself, and told of. */
    public synchronized List<RefusedCall> refused() {
        return List.copyOf(refused);
    }

    public synchronized void workload(Workload next) {
        workload = next;
    }

    /** What the n-th start (from 1) comes to. */
    public synchronized void onStart(Function<Integer, StartOutcome> outcome) {
        starts = outcome;
    }

    /** Starts from now on end only with {@link #releaseStarts}. */
    public synchronized void keepStartsWaiting() {
        keepStartsWaiting = true;
    }

    public void releaseStarts() {
        List<Promise<Void>> released;
        synchronized (this) {
            keepStartsWaiting = false;
            released = new ArrayList<>(waitingStarts);
            waitingStarts.clear();
        }
        released.forEach(Promise::complete);
    }

    /** The instance is gone and nobody was told. */
    public synchronized void kill(String instanceId) {
        inFlight.remove(instanceId);
    }

    /** Instances break off with the next so many requests, when they have read them. */
    public synchronized void breakOff(int requests) {
        breaks = requests;
    }

    /** This instance breaks off with every request. */
    public synchronized void breakAt(String instanceId) {
        breakingInstance = instanceId;
    }

    /** Whether no connection to this instance comes about. */
    public synchronized void unconnected(String instanceId, boolean now) {
        if (now) {
            unconnected.add(instanceId);
        } else {
            unconnected.remove(instanceId);
        }
    }

    synchronized boolean isBreaking(Dispatch dispatch) {
        return dispatch.instanceId().equals(breakingInstance) || (breaks > 0 && breaks-- > 0);
    }

    private synchronized boolean isUnconnected(Dispatch dispatch) {
        return unconnected.contains(dispatch.instanceId());
    }

    public synchronized int startsAsked() {
        return startsAsked;
    }

    public synchronized int inFlightPeak() {
        return inFlightPeak;
    }

    public synchronized int inFlight() {
        return inFlight.values().stream().mapToInt(Integer::intValue).sum();
    }

    public synchronized List<String> instances() {
        return List.copyOf(inFlight.keySet());
    }

    public synchronized List<Dispatch> dispatches() {
        return List.copyOf(dispatches);
    }

    public synchronized StartOutcome succeed(int start) {
        String instanceId = nodeId + "-" + start;
        inFlight.put(instanceId, 0);
        return new StartOutcome.Started(instanceId, slots, TIMING);
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public Future<StartOutcome> start(StartInstance command) {
        int start;
        Future<Void> gate = Future.succeededFuture();
        synchronized (this) {
            start = ++startsAsked;
            if (keepStartsWaiting) {
                Promise<Void> promise = Promise.promise();
                waitingStarts.add(promise);
                gate = promise.future();
            }
        }
        return gate.map(ignored -> outcomeOf(start));
    }

    @Override
    public Future<ProxyOutcome> proxy(HttpServerRequest request, Dispatch dispatch, Funds funds) {
        if (isUnconnected(dispatch)) {
            return Future.succeededFuture(new ProxyOutcome.Refused(ProxyOutcome.Why.UNCONNECTED, "nobody listens"));
        }
        if (!enter(dispatch)) {
            return Future.succeededFuture(new ProxyOutcome.Refused("instance is gone"));
        }
        if (isBreaking(dispatch)) {
            return body(request).transform(read -> broken(request, dispatch));
        }
        Workload serving;
        synchronized (this) {
            serving = workload;
        }
        return serving.serve(request, dispatch).transform(ended -> {
            leave(dispatch);
            return Future.succeededFuture(
                    new ProxyOutcome.Done(request.response().getStatusCode(), Outcome.SUCCESS));
        });
    }

    private Future<ProxyOutcome> broken(HttpServerRequest request, Dispatch dispatch) {
        leave(dispatch);
        if (dispatch.repeatable()) {
            return Future.succeededFuture(new ProxyOutcome.Broken("it broke off"));
        }
        return request.response()
                .setStatusCode(502)
                .end("broken")
                .map(new ProxyOutcome.Done(502, Outcome.ERROR, 0, true));
    }

    /** Takes a request in; false when the instance is gone. */
    synchronized boolean enter(Dispatch dispatch) {
        Integer before = inFlight.get(dispatch.instanceId());
        if (before == null) {
            return false;
        }
        inFlight.put(dispatch.instanceId(), before + 1);
        inFlightPeak = Math.max(inFlightPeak, before + 1);
        dispatches.add(dispatch);
        return true;
    }

    synchronized void leave(Dispatch dispatch) {
        inFlight.computeIfPresent(dispatch.instanceId(), (id, count) -> count - 1);
    }

    /** The whole body of a request that is paused, as every request is that a node gets; fails when its caller goes away. */
    public static Future<Buffer> body(HttpServerRequest request) {
        Promise<Buffer> whole = Promise.promise();
        Buffer read = Buffer.buffer();
        request.handler(read::appendBuffer)
                .endHandler(end -> whole.tryComplete(read))
                .exceptionHandler(whole::tryFail);
        request.resume();
        return whole.future();
    }

    private StartOutcome outcomeOf(int start) {
        Function<Integer, StartOutcome> outcome;
        synchronized (this) {
            outcome = starts;
        }
        return outcome.apply(start);
    }

    private static Future<Void> greet(HttpServerRequest request, Dispatch dispatch) {
        request.resume();
        return request.response()
                .putHeader(WispHeaders.INVOCATION_ID, dispatch.invocationId().toString())
                .end(dispatch.instanceId());
    }
}
