package dev.wisp.simulation;

import dev.wisp.contracts.bus.Topic;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.StartInstance;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.gateway.admission.Caller;
import dev.wisp.gateway.admission.DeskContext;
import dev.wisp.gateway.admission.Desks;
import dev.wisp.gateway.admission.Exchange;
import dev.wisp.gateway.admission.HoldBudget;
import dev.wisp.gateway.admission.HoldLimits;
import dev.wisp.gateway.admission.Loop;
import dev.wisp.gateway.admission.SendLimits;
import dev.wisp.gateway.budget.BudgetGate;
import dev.wisp.gateway.coldstart.NodePorts;
import dev.wisp.gateway.demand.DemandReporter;
import dev.wisp.gateway.explain.TriedCalls;
import dev.wisp.gateway.metric.GatewayMetrics;
import dev.wisp.gateway.routing.PlatformView;
import dev.wisp.node.instance.SimulatedNode;
import dev.wisp.testkit.simulation.Chance;
import dev.wisp.testkit.simulation.SimulatedBus;
import dev.wisp.testkit.simulation.VirtualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A gateway without sockets: desks, queues, starts and choices are the production's, its event loop is virtual time. */
final class SimulatedGateway {

    private static final HoldLimits LIMITS = new HoldLimits(100, 1_000, 1 << 20, 30_000, 5, 0);
    private static final Duration HOP_MAX = Duration.ofMillis(2);
    private static final long REQUEST_BYTES = 1_000;

    private final SimulatedBus bus;
    private final VirtualTime time;
    private final Function<String, @Nullable SimulatedNode> nodes;
    private final Consumer<String> violated;
    private final Chance chance;
    private final Desks desks;
    private final Set<String> knownGone = new HashSet<>();
    private PlatformView view = PlatformView.EMPTY;

    /** What became of a request. */
    interface Observer {

        /** The gateway is done with it: a status, or 0 for nobody there to answer. */
        void over(int status, @Nullable Problem problem);
    }

    /**
     * Starts a gateway.
     *
     * @param nodes the node of a name that runs now, null when none does
     * @param violated is told what must not happen
     */
    SimulatedGateway(
            String gatewayId,
            SimulatedBus bus,
            VirtualTime time,
            Function<String, @Nullable SimulatedNode> nodes,
            Consumer<String> violated) {
        this.bus = bus;
        this.time = time;
        this.nodes = nodes;
        this.violated = violated;
        this.chance = time.chance(bus.name());
        GatewayMetrics metrics = new GatewayMetrics(new SimpleMeterRegistry(), 1);
        DemandReporter reporter = new DemandReporter(bus, gatewayId, time, time::nanos, this::unreachable, metrics);
        DeskContext context = new DeskContext(
                gatewayId,
                new Ports(),
                LIMITS,
                SendLimits.DEFAULT,
                new HoldBudget(),
                new BudgetGate(bus, gatewayId, Path.of("not-started"), List::of, time, time::nanos),
                metrics,
                time,
                time::nanos,
                () -> chance.random().nextDouble(),
                new TriedCalls());
        this.desks = new Desks(context, () -> view, List.of(new Desks.OwnedLoop(new VirtualLoop(), reporter)));
        for (Topic<?> topic : List.of(Topics.REVISIONS, Topics.ROUTES, Topics.PLANS, Topics.INSTANCES, Topics.NODES)) {
            bus.subscribe(topic, (key, value) -> changed(topic, key, value));
        }
        time.every(DemandReporter.INTERVAL, chance, () -> {
            if (bus.isAlive()) {
                reporter.tick();
            }
            return bus.isAlive();
        });
    }

    /** Connections are refused by what does not run; who is only cut off from the bus answers. */
    private List<String> unreachable() {
        return view.nodes().keySet().stream()
                .filter(nodeId -> nodes.apply(nodeId) == null)
                .sorted()
                .toList();
    }

    SimulatedBus bus() {
        return bus;
    }

    PlatformView view() {
        return view;
    }

    /** A request that takes so long in an instance. */
    void request(RevisionId revision, Duration takes, Observer observer) {
        UUID id = new UUID(chance.random().nextLong(), chance.random().nextLong());
        long micros = time.instant().toEpochMilli() * 1_000;
        desks.desk(revision)
                .admit(new Exchange(id, new SimulatedCaller(takes, observer), micros, time.nanos(), REQUEST_BYTES));
    }

    private void changed(Topic<?> topic, String key, @Nullable Object value) {
        if (topic.equals(Topics.INSTANCES)) {
            boolean serves = value instanceof InstanceEvent event
                    && (event.state() == InstanceEvent.State.STARTING || event.state() == InstanceEvent.State.READY);
            if (serves) {
                knownGone.remove(key);
            } else {
                knownGone.add(key);
            }
        }
        List<PlatformView.Change> changes = List.of(new PlatformView.Change(topic.name(), key, value));
        RevisionPlan before = view.plans().get(key);
        view = view.with(changes);
        RevisionPlan after = view.plans().get(key);
        if (before != null && after != null && after.epoch() < before.epoch()) {
            violated.accept("a gateway went back from %s to %s".formatted(before, after));
        }
        desks.changed(changes);
    }

    private void hop(Runnable action) {
        time.after(chance.between(Duration.ZERO, HOP_MAX), () -> {
            if (bus.isAlive()) {
                action.run();
            }
        });
    }

    private final class VirtualLoop implements Loop {

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void after(long millis, Runnable task) {
            time.after(Duration.ofMillis(millis), () -> {
                if (bus.isAlive()) {
                    task.run();
                }
            });
        }
    }

    private final class Ports implements NodePorts {

        @Override
        public @Nullable NodePort find(String nodeId) {
            return view.nodes().containsKey(nodeId) ? new Port(nodeId) : null;
        }

        @Override
        public boolean isLocal(String nodeId) {
            return false;
        }

        @Override
        public List<String> nodeIds() {
            return view.nodes().keySet().stream().sorted().toList();
        }
    }

    /** A node across the network. */
    private final class Port implements NodePort {

        private final String nodeId;

        private Port(String nodeId) {
            this.nodeId = nodeId;
        }

        @Override
        public String nodeId() {
            return nodeId;
        }

        @Override
        public Future<StartOutcome> start(StartInstance command) {
            Promise<StartOutcome> answer = Promise.promise();
            hop(() -> {
                SimulatedNode node = nodes.apply(nodeId);
                if (node == null) {
                    hop(() -> answer.complete(unreachable()));
                    return;
                }
                node.start(command.revision(), outcome -> hop(() -> answer.tryComplete(outcome)));
                // A node that dies meanwhile never answers; its connection breaks.
                time.after(Duration.ofSeconds(1), () -> hop(() -> answer.tryComplete(unreachable())));
            });
            return answer.future();
        }

        @Override
        public Future<ProxyOutcome> proxy(HttpServerRequest request, Dispatch dispatch, Funds funds) {
            throw new UnsupportedOperationException("requests go by way of the caller");
        }

        private StartOutcome unreachable() {
            return new StartOutcome.Refused(StartOutcome.Refusal.UNREACHABLE, "node %s is away".formatted(nodeId));
        }
    }

    private final class SimulatedCaller implements Caller {

        private final Duration takes;
        private final Observer observer;

        private SimulatedCaller(Duration takes, Observer observer) {
            this.takes = takes;
            this.observer = observer;
        }

        @Override
        public void send(NodePort node, Dispatch dispatch, Funds funds, Consumer<ProxyOutcome> done) {
            if (knownGone.contains(dispatch.instanceId())) {
                violated.accept("routed to %s, which was known to be gone".formatted(dispatch.instanceId()));
            }
            hop(() -> arrive(node.nodeId(), dispatch, done));
        }

        @Override
        public void held(Runnable gone) {
            // Callers are patient here.
        }

        @Override
        public void answer(Problem problem, long heldMicros) {
            observer.over(problem.status(), problem);
        }

        @Override
        public void over(int status, @Nullable CallTrace trace) {
            observer.over(status, null);
        }

        private void arrive(String nodeId, Dispatch dispatch, Consumer<ProxyOutcome> done) {
            SimulatedNode node = nodes.apply(nodeId);
            boolean taken = node != null
                    && node.serve(dispatch.instanceId(), takes, served -> hop(() -> done.accept(ended(served))));
            if (!taken) {
                hop(() -> done.accept(new ProxyOutcome.Refused("instance is gone or going")));
            }
        }

        private ProxyOutcome ended(boolean served) {
            return served
                    ? new ProxyOutcome.Done(200, Outcome.SUCCESS)
                    : new ProxyOutcome.Done(502, Outcome.PLATFORM_ERROR);
        }
    }
}
