package dev.wisp.gateway.coldstart;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides which node is asked for how many instances. Never asks for more than the held requests need, than a node's grant leaves, or
 * than may be under way at once; says in words why it does not ask.
 */
public final class StartPolicy {

    /** Most starts of one revision under way at once, so that a queue of thousands does not turn into thousands of calls. */
    public static final int STARTING_MAX = 128;

    private StartPolicy() {}

    /**
     * What is known when the decision is made.
     *
     * @param queued requests held
     * @param slots requests one instance serves at once, 0 means no limit
     * @param starting starts under way
     * @param heldBack the workload failed to start as often as it may; nothing new until the starts under way have ended
     * @param nodes in the order of the plan
     */
    public record StartView(
            int queued, int slots, int starting, boolean heldBack, List<NodeView> nodes, long nowNanos) {}

    /**
     * One node of the plan.
     *
     * @param local whether it runs in this process; local nodes are asked first, the hop is free
     * @param grant instances the plan allows there: count plus burst
     * @param live instances known there
     * @param starting starts this gateway has under way there
     * @param refusedUntilNanos it refused, and is left alone until then
     */
    public record NodeView(String nodeId, boolean local, int grant, int live, int starting, long refusedUntilNanos) {

        int room() {
            return Math.max(0, grant - live - starting);
        }
    }

    /** What to do now. */
    public sealed interface StartDecision {

        /** Says why, with numbers. */
        String reason();

        /** Ask these nodes; at least one. */
        record Ask(List<NodeAsk> asks, String reason) implements StartDecision {

            public Ask {
                asks = List.copyOf(asks);
            }
        }

        /**
         * Ask nobody.
         *
         * @param againAtNanos when to decide again though nothing happened, {@link Long#MAX_VALUE} for not at all
         */
        record Wait(String reason, long againAtNanos) implements StartDecision {}
    }

    /** One node and how many instances it is asked for. */
    public record NodeAsk(String nodeId, int instances) {}

    /** Instances that the held requests need beyond those under way: {@code ceil(queued / slots) - starting}, never negative. */
    public static int needed(int queued, int slots, int starting) {
        if (queued == 0) {
            return 0;
        }
        int forQueue = slots == 0 ? 1 : Math.ceilDiv(queued, slots);
        return Math.max(0, Math.min(forQueue, STARTING_MAX) - starting);
    }

    public static StartDecision decide(StartView view) {
        int needed = needed(view.queued(), view.slots(), view.starting());
        if (needed == 0) {
            return waitForEvent("%d starts under way are enough for %d held".formatted(view.starting(), view.queued()));
        }
        if (view.heldBack()) {
            return waitForEvent("the workload fails to start; %d starts under way".formatted(view.starting()));
        }
        if (view.nodes().isEmpty()) {
            return waitForEvent("no node is known for this revision");
        }
        List<NodeAsk> asks = asks(view, needed);
        return asks.isEmpty() ? waitForRoom(view) : new StartDecision.Ask(asks, reason(view, needed));
    }

    private static List<NodeAsk> asks(StartView view, int needed) {
        List<NodeAsk> asks = new ArrayList<>();
        int left = collect(view, true, needed, asks);
        collect(view, false, left, asks);
        return asks;
    }

    private static int collect(StartView view, boolean local, int needed, List<NodeAsk> asks) {
        int left = needed;
        for (NodeView node : view.nodes()) {
            if (left > 0 && node.local() == local && node.refusedUntilNanos() <= view.nowNanos() && node.room() > 0) {
                int instances = Math.min(left, node.room());
                asks.add(new NodeAsk(node.nodeId(), instances));
                left -= instances;
            }
        }
        return left;
    }

    private static StartDecision waitForRoom(StartView view) {
        long again = Long.MAX_VALUE;
        int granted = 0;
        for (NodeView node : view.nodes()) {
            granted += node.grant();
            if (node.room() > 0) {
                again = Math.min(again, node.refusedUntilNanos());
            }
        }
        return again == Long.MAX_VALUE
                ? waitForEvent("all %d granted instances exist or start".formatted(granted))
                : new StartDecision.Wait("every node with room refused a moment ago", again);
    }

    private static StartDecision waitForEvent(String reason) {
        return new StartDecision.Wait(reason, Long.MAX_VALUE);
    }

    private static String reason(StartView view, int needed) {
        return "%d held at %s each need %d more beside %d under way"
                .formatted(
                        view.queued(),
                        view.slots() == 0 ? "no limit of slots" : view.slots() + " slots",
                        needed,
                        view.starting());
    }
}
