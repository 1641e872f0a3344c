package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.dataplane.StartOutcome.Refusal;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.placement.NodeRequirement;
import dev.wisp.contracts.placement.NodeTerm;
import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.node.fake.FakeContainer;
import dev.wisp.node.fake.FakeNode;
import dev.wisp.node.sandbox.SandboxExit;
import dev.wisp.testkit.MemoryBus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NodeAgentTest {

    private static final long LONG = 60_000;

    @TempDir
    private Path folder;

    private final MemoryBus bus = new MemoryBus();
    private final FakeContainer container = FakeContainer.saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    private final List<FakeNode> nodes = new ArrayList<>();

    @AfterEach
    void closeEverything() {
        nodes.forEach(FakeNode::close);
        container.close();
    }

    @Test
    void provesANewRevisionWithOneInstanceAndTellsThePhases() {
        FakeNode node = node();

        node.deploy(FakeNode.hello(0, LONG, 0));

        eventually(node::isReady);
        RevisionReadiness readiness = Objects.requireNonNull(node.readiness());
        assertThat(readiness.phases())
                .extracting(RevisionReadiness.Phase::name)
                .containsExactly("image", "unpack", "start");
        assertThat(readiness.phases())
                .extracting(RevisionReadiness.Phase::detail)
                .containsExactly("3 layers, 4.1 MiB", "", "listening on :8080");
        assertThat(node.sandboxes.started()).hasSize(1);
        assertThat(node.sandboxes.started().getFirst().spec().platformEnv())
                .containsEntry("PORT", "8080")
                .containsEntry("K_SERVICE", "hello")
                .containsEntry("K_REVISION", "hello-00001");
    }

    @Test
    void pullsNothingForARevisionThatIsForOtherNodes() {
        FakeNode node = node();
        NodeTerm ssd = new NodeTerm(List.of(NodeRequirement.is("disk", "ssd")));
        PlacementSpec placement = new PlacementSpec(List.of(ssd), List.of(), List.of(), null);

        node.deploy(FakeNode.hello(0, LONG, 0).withPlacement(placement));

        assertThat(start(node))
                .isEqualTo(new StartOutcome.Refused(
                        StartOutcome.Refusal.NOT_PREPARED,
                        "revision default/hello-00001 is not prepared on this node"));
        assertThat(node.readiness()).isNull();
    }

    @Test
    void saysWhyARevisionIsNotReady() {
        FakeNode node = node();
        node.images.failWith(Problem.of(ErrorCode.IMAGE_LAYER_BROKEN, "layer 2"));

        node.deploy(FakeNode.hello(0, LONG, 0));

        eventually(() -> failure(node) != null);
        assertThat(Objects.requireNonNull(failure(node)).code()).isEqualTo("E1104");
        assertThat(start(node)).isInstanceOf(StartOutcome.Refused.class);
    }

    @Test
    void carriesTheLastOutputOfAWorkloadThatDoesNotStart() {
        FakeNode node = node();
        node.sandboxes.failWith(
                Problem.of(ErrorCode.EXITED_BEFORE_READY, "exited with code 1").withEvidence(List.of("no such file")));

        node.deploy(FakeNode.hello(0, LONG, 0));

        eventually(() -> failure(node) != null);
        assertThat(Objects.requireNonNull(failure(node)).evidence()).containsExactly("no such file");
    }

    @Test
    void startsForAGatewayUpToItsGrantHoweverManyAskAtOnce() {
        FakeNode node = ready(0, LONG, 0);
        node.plan(1, 0, 5);

        List<CompletableFuture<StartOutcome>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(node.agent.instances().start(FakeNode.HELLO));
        }
        List<StartOutcome> outcomes =
                asked.stream().map(CompletableFuture::join).toList();

        assertThat(outcomes.stream().filter(StartOutcome.Started.class::isInstance))
                .hasSize(4);
        assertThat(node.agent.instances().all()).hasSize(5);
        assertThat(outcomes.stream()
                        .filter(StartOutcome.Refused.class::isInstance)
                        .map(outcome -> ((StartOutcome.Refused) outcome).refusal()))
                .containsOnly(Refusal.NO_GRANT);
    }

    @Test
    void neverPassesMaxScaleWhateverThePlanSays() {
        FakeNode node = ready(0, LONG, 2);
        node.plan(1, 0, 50);

        List<StartOutcome> outcomes = java.util.stream.IntStream.range(0, 10)
                .mapToObj(i -> start(node))
                .toList();

        assertThat(outcomes.stream().filter(StartOutcome.Started.class::isInstance))
                .hasSize(1);
    }

    @Test
    void refusesWhatTheNodeHasNoMemoryFor() {
        FakeNode node = ready(0, LONG, 0);
        node.plan(1, 0, 50);

        List<StartOutcome> outcomes = java.util.stream.IntStream.range(0, 10)
                .mapToObj(i -> start(node))
                .toList();

        // 1 GiB of memory and 128 MiB each: eight fit, one of them is the probe's.
        assertThat(outcomes.stream().filter(StartOutcome.Started.class::isInstance))
                .hasSize(7);
        assertThat(outcomes.getLast())
                .isInstanceOfSatisfying(
                        StartOutcome.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.NO_CAPACITY));
    }

    @Test
    void holdsWhatThePlanHoldsAndStopsTheRestWhenIdle() {
        FakeNode node = ready(0, 50, 0);

        node.plan(1, 3, 0);
        eventually(() -> node.sandboxes.running() == 3);
        node.plan(2, 1, 0);

        eventually(() ->
                node.sandboxes.running() == 1 && node.agent.instances().all().size() == 1);
    }

    @Test
    void ignoresAPlanThatComesLate() {
        FakeNode node = ready(0, LONG, 0);
        node.plan(7, 2, 0);
        eventually(() -> node.sandboxes.running() == 2);

        node.plan(6, 4, 0);
        node.plan(8, 3, 0);

        eventually(() -> node.sandboxes.running() == 3);
        assertThat(node.sandboxes.started()).hasSize(3);
    }

    @Test
    void stopsAnIdleInstancePreciselyAfterItsKeepAlive() {
        FakeNode node = ready(0, 300, 0);
        eventually(() -> node.sandboxes.running() == 0);
        node.plan(1, 0, 5);
        StartOutcome.Started started = (StartOutcome.Started) start(node);
        Instance instance = Objects.requireNonNull(node.agent.instances().find(started.instanceId()));
        instance.admit();
        instance.release();
        long idleSince = System.nanoTime();

        instance.gone().orTimeout(5, TimeUnit.SECONDS).join();

        Duration idle = Duration.ofNanos(System.nanoTime() - idleSince);
        assertThat(idle).isBetween(Duration.ofMillis(299), Duration.ofMillis(600));
    }

    @Test
    void stopsAnInstanceRightAfterItsLastRequestWithoutKeepAlive() {
        FakeNode node = ready(0, 0, 0);
        Instance instance = node.agent.instances().all().iterator().next();
        instance.admit();
        instance.admit();
        instance.release();
        assertThat(instance.gone()).isNotDone();
        long endedNanos = System.nanoTime();

        instance.release();

        instance.gone().orTimeout(5, TimeUnit.SECONDS).join();
        assertThat(Duration.ofNanos(System.nanoTime() - endedNanos)).isLessThan(Duration.ofMillis(500));
    }

    @Test
    void noticesACrashAndTellsIt() {
        List<InstanceEvent> events = new CopyOnWriteArrayList<>();
        bus.subscribe(Topics.INSTANCES, (key, event) -> {
            if (event != null) {
                events.add(event);
            }
        });
        FakeNode node = ready(0, LONG, 0);

        node.sandboxes.started().getFirst().exitWith(new SandboxExit(137, true));

        eventually(() -> node.agent.instances().all().isEmpty());
        eventually(() -> events.stream()
                .anyMatch(event -> event.state() == InstanceEvent.State.GONE
                        && event.reason().equals("out of memory at 128 MiB")));
        String id = events.getFirst().instanceId();
        eventually(() -> bus.last(Topics.INSTANCES, id) == null);
    }

    @Test
    void startsAgainAfterACrashWhatThePlanHolds() {
        FakeNode node = ready(0, LONG, 0);
        node.plan(1, 1, 0);

        node.sandboxes.started().getFirst().exitWith(new SandboxExit(1, false));

        eventually(() -> node.sandboxes.started().size() == 2 && node.sandboxes.running() == 1);
    }

    @Test
    void stopsTheInstancesOfADeletedRevision() {
        FakeNode node = ready(0, LONG, 0);

        bus.publish(Topics.REVISIONS, FakeNode.HELLO.toString(), null);

        eventually(() -> node.sandboxes.running() == 0);
        eventually(() ->
                start(node) instanceof StartOutcome.Refused refused && refused.refusal() == Refusal.UNKNOWN_REVISION);
    }

    @Test
    void reportsItselfEverySecond() {
        FakeNode node = ready(0, LONG, 0);

        eventually(() -> sandboxesReported() == 1);
        assertThat(Objects.requireNonNull(bus.last(Topics.NODES, FakeNode.NODE_ID))
                        .memoryBytesFree())
                .isEqualTo((1L << 30) - (128 << 20));
        assertThat(node.agent.instances().all()).hasSize(1);
    }

    /** Others take its share over while its own instances finish what they have. */
    @Test
    void saysThatItStopsBeforeItsInstancesEnd() {
        FakeNode node = ready(0, LONG, 0);
        List<NodeStatus> said = new CopyOnWriteArrayList<>();
        bus.subscribe(Topics.NODES, (key, status) -> said.add(Objects.requireNonNull(status)));

        node.close();

        assertThat(said)
                .filteredOn(status -> !status.schedulable())
                .first()
                .extracting(NodeStatus::sandboxes)
                .isEqualTo(1);
    }

    @Test
    void servesWhatItKnewWhenItStartsWithTheBrokerAway() {
        FakeNode before = ready(0, LONG, 0);
        before.plan(1, 0, 2);
        before.close();
        nodes.clear();
        bus.cut();
        FakeNode after = new FakeNode(folder, container, new MemoryBus());
        nodes.add(after);

        after.started();

        eventually(() -> start(after) instanceof StartOutcome.Started);
        assertThat(after.sandboxes.started()).hasSizeBetween(1, 2);
    }

    @Test
    void tombstonesInstancesOfItsFormerProcess() {
        InstanceEvent former = new InstanceEvent(
                "hello-00001-old",
                FakeNode.HELLO,
                FakeNode.NODE_ID,
                InstanceEvent.State.READY,
                0,
                0,
                "",
                0,
                0,
                java.time.Instant.EPOCH,
                java.time.Instant.EPOCH);
        bus.publish(Topics.INSTANCES, "hello-00001-old", former);

        node();

        eventually(() -> bus.last(Topics.INSTANCES, "hello-00001-old") == null);
    }

    private FakeNode node() {
        FakeNode node = new FakeNode(folder, container, bus);
        nodes.add(node);
        return node.started();
    }

    private FakeNode ready(int containerConcurrency, long keepAliveMillis, int maxScale) {
        FakeNode node = node();
        node.deploy(FakeNode.hello(containerConcurrency, keepAliveMillis, maxScale));
        eventually(node::isReady);
        return node;
    }

    private int sandboxesReported() {
        NodeStatus status = bus.last(Topics.NODES, FakeNode.NODE_ID);
        return status == null ? 0 : status.sandboxes();
    }

    private static @Nullable Problem failure(FakeNode node) {
        RevisionReadiness last = node.readiness();
        return last == null ? null : last.problem();
    }

    private static StartOutcome start(FakeNode node) {
        return node.agent.instances().start(FakeNode.HELLO).join();
    }

    private static void eventually(java.util.concurrent.Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(10))
                .until(condition);
    }
}
