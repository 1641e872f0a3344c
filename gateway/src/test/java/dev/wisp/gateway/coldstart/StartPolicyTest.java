package dev.wisp.gateway.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.gateway.coldstart.StartPolicy.NodeAsk;
import dev.wisp.gateway.coldstart.StartPolicy.NodeView;
import dev.wisp.gateway.coldstart.StartPolicy.StartDecision;
import dev.wisp.gateway.coldstart.StartPolicy.StartView;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StartPolicyTest {

    private static final long NOW = 1_000;

    record Case(String name, StartView view, List<NodeAsk> expected) {

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case("nothing held", view(0, 1, 0, node("a", 5, 0, 0)), List.of()),
                new Case("one held at zero", view(1, 1, 0, node("a", 5, 0, 0)), asks("a", 1)),
                new Case("a start under way is enough", view(1, 1, 1, node("a", 5, 0, 1)), List.of()),
                new Case("hundred held, grant of five", view(100, 1, 0, node("a", 5, 0, 0)), asks("a", 5)),
                new Case("grant used up by live ones", view(9, 1, 0, node("a", 3, 3, 0)), List.of()),
                new Case("live and starting count", view(9, 1, 1, node("a", 3, 1, 1)), asks("a", 1)),
                new Case("slots share an instance", view(100, 10, 0, node("a", 50, 0, 0)), asks("a", 10)),
                new Case("slots round up", view(11, 10, 0, node("a", 50, 0, 0)), asks("a", 2)),
                new Case("no limit of slots needs one", view(500, 0, 0, node("a", 50, 0, 0)), asks("a", 1)),
                new Case(
                        "the next node takes what is left",
                        view(5, 1, 0, node("a", 2, 0, 0), node("b", 9, 0, 0)),
                        List.of(new NodeAsk("a", 2), new NodeAsk("b", 3))),
                new Case(
                        "local first whatever the plan's order",
                        view(1, 1, 0, remote("far", 9), node("near", 9, 0, 0)),
                        asks("near", 1)),
                new Case(
                        "a node that refused is passed over",
                        view(1, 1, 0, refused("a", 9, NOW + 1), node("b", 9, 0, 0)),
                        asks("b", 1)),
                new Case(
                        "a node may be asked again when its time is over",
                        view(1, 1, 0, refused("a", 9, NOW)),
                        asks("a", 1)),
                new Case("no node known", view(1, 1, 0), List.of()),
                new Case(
                        "held back after failures",
                        new StartView(5, 1, 1, true, List.of(node("a", 9, 0, 1)), NOW),
                        List.of()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void asksForWhatIsNeededAndGranted(Case given) {
        StartDecision decision = StartPolicy.decide(given.view());

        assertThat(decision instanceof StartDecision.Ask ask ? ask.asks() : List.of())
                .isEqualTo(given.expected());
        assertThat(decision.reason()).isNotBlank();
    }

    @Test
    void decidesAgainWhenTheFirstNodeWithRoomMayBeAskedAgain() {
        StartDecision decision = StartPolicy.decide(
                view(1, 1, 0, refused("a", 9, NOW + 50), refused("b", 9, NOW + 20), refused("c", 0, NOW + 1)));

        assertThat(decision).isEqualTo(new StartDecision.Wait("every node with room refused a moment ago", NOW + 20));
    }

    @Test
    void saysThatTheGrantIsUsedUp() {
        assertThat(StartPolicy.decide(view(9, 1, 0, node("a", 3, 3, 0))).reason())
                .isEqualTo("all 3 granted instances exist or start");
    }

    @ParameterizedTest
    @CsvSource({
        "0,1,0,0",
        "1,1,0,1",
        "1,1,1,0",
        "1,1,5,0",
        "10,3,0,4",
        "10,3,2,2",
        "10,0,0,1",
        "10,0,1,0",
        "10000,1,0,128"
    })
    void needsOneInstanceForEachFullSetOfSlots(int queued, int slots, int starting, int expected) {
        assertThat(StartPolicy.needed(queued, slots, starting)).isEqualTo(expected);
    }

    @Test
    void neverPassesGrantsNorNeed() {
        long seed = 20_261_123;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 10_000; round++) {
            NodeView a = node("a", random.nextInt(9), random.nextInt(9), random.nextInt(4));
            NodeView b = node("b", random.nextInt(9), random.nextInt(9), random.nextInt(4));
            StartView view = view(random.nextInt(50), random.nextInt(4), a.starting() + b.starting(), a, b);
            StartDecision decision = StartPolicy.decide(view);
            List<NodeAsk> asks = decision instanceof StartDecision.Ask ask ? ask.asks() : List.of();

            int total = asks.stream().mapToInt(NodeAsk::instances).sum();

            assertThat(total)
                    .as("seed %d round %d", seed, round)
                    .isLessThanOrEqualTo(StartPolicy.needed(view.queued(), view.slots(), view.starting()));
            for (NodeAsk ask : asks) {
                NodeView node = ask.nodeId().equals("a") ? a : b;
                assertThat(node.live() + node.starting() + ask.instances())
                        .as("seed %d round %d", seed, round)
                        .isLessThanOrEqualTo(node.grant());
            }
        }
    }

    private static StartView view(int queued, int slots, int starting, NodeView... nodes) {
        return new StartView(queued, slots, starting, false, List.of(nodes), NOW);
    }

    private static NodeView node(String nodeId, int grant, int live, int starting) {
        return new NodeView(nodeId, true, grant, live, starting, Long.MIN_VALUE);
    }

    private static NodeView remote(String nodeId, int grant) {
        return new NodeView(nodeId, false, grant, 0, 0, Long.MIN_VALUE);
    }

    private static NodeView refused(String nodeId, int grant, long untilNanos) {
        return new NodeView(nodeId, true, grant, 0, 0, untilNanos);
    }

    private static List<NodeAsk> asks(String nodeId, int instances) {
        return List.of(new NodeAsk(nodeId, instances));
    }
}
