package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The present plan of every revision, this replica's own and those of others, and the publishing of the former. Owned by the loop's thread. */
final class PlanBook {

    private final Bus bus;
    private final Inbox inbox;
    private final Ownership ownership;
    private final Map<RevisionId, RevisionPlan> plans = new HashMap<>();
    /** Own plans that may not be the last one in the topic, where only that is kept. */
    private final Set<RevisionId> unsaid = new HashSet<>();

    PlanBook(Bus bus, Inbox inbox, Ownership ownership) {
        this.bus = bus;
        this.inbox = inbox;
        this.ownership = ownership;
    }

    /** What a plan that was read means. */
    enum Seen {
        /** Own, or of a revision of others. */
        KNOWN,
        /** Of an owner that did not know that it was replaced: this replica's must be published again. */
        LATE,
        /** Of a successor: this replica does not know yet that it was replaced. */
        FENCED
    }

    /** Takes a plan that was read, null being a tombstone; {@code exists} says whether there is such a revision. */
    Seen see(RevisionId revision, @Nullable RevisionPlan plan, boolean exists) {
        RevisionPlan known = plans.get(revision);
        if (!ownership.owns(revision) || known == null) {
            return seeOther(revision, known, plan);
        }
        if (plan != null && isOfSuccessor(plan)) {
            plans.put(revision, plan);
            return Seen.FENCED;
        }
        boolean late = plan == null ? exists : EpochPolicy.term(plan.epoch()) < EpochPolicy.term(known.epoch());
        if (late) {
            unsaid.add(revision);
        }
        return late ? Seen.LATE : Seen.KNOWN;
    }

    @Nullable
    RevisionPlan last(RevisionId revision) {
        return plans.get(revision);
    }

    void forEach(BiConsumer<RevisionId, RevisionPlan> action) {
        plans.forEach(action);
    }

    List<RevisionId> revisions() {
        return List.copyOf(plans.keySet());
    }

    /**
     * Whether the present plan says so already. A plan is its numbers: a reason that only tells another time is not worth a message. One of
     * an owner before is said again, since nothing else puts that owner's later plans behind this replica's.
     */
    boolean says(RevisionId revision, int desired, List<NodeShare> shares) {
        RevisionPlan last = plans.get(revision);
        return last != null
                && EpochPolicy.term(last.epoch()) == ownership.term(revision)
                && !unsaid.contains(revision)
                && last.desired() == desired
                && last.shares().equals(shares);
    }

    RevisionPlan publish(RevisionId revision, int desired, List<NodeShare> shares, String reason, Instant now) {
        RevisionPlan plan = new RevisionPlan(revision, ownership.nextEpoch(revision), desired, shares, reason, now);
        plans.put(revision, plan);
        unsaid.remove(revision);
        failing(bus.publish(Topics.PLANS, revision.toString(), plan), revision, plan.epoch());
        return plan;
    }

    void withdraw(RevisionId revision) {
        unsaid.remove(revision);
        RevisionPlan last = plans.remove(revision);
        if (last != null) {
            failing(bus.publish(Topics.PLANS, revision.toString(), null), revision, last.epoch());
        }
    }

    /** The plan may not have been published; true if it is still the present one, which stays what the next one is made from. */
    boolean failed(RevisionId revision, long epoch) {
        RevisionPlan plan = plans.get(revision);
        return plan != null && plan.epoch() == epoch && unsaid.add(revision);
    }

    private Seen seeOther(RevisionId revision, @Nullable RevisionPlan known, @Nullable RevisionPlan plan) {
        if (plan == null) {
            plans.remove(revision);
        } else if (known == null || EpochPolicy.accepts(known.epoch(), plan.epoch())) {
            plans.put(revision, plan);
        }
        return plan != null && ownership.owns(revision) && isOfSuccessor(plan) ? Seen.FENCED : Seen.KNOWN;
    }

    private boolean isOfSuccessor(RevisionPlan plan) {
        return EpochPolicy.term(plan.epoch()) > ownership.term(plan.revision());
    }

    private void failing(CompletableFuture<Void> sent, RevisionId revision, long epoch) {
        sent.whenComplete((done, failure) -> {
            if (failure != null) {
                inbox.put(new Signal.PublishFailed(revision, epoch));
            }
        });
    }
}
