package dev.wisp.gateway.admission;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.gateway.demand.DemandReporter;
import dev.wisp.gateway.repeat.KeptBodies;
import dev.wisp.gateway.routing.PlatformView;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The desk of each revision that was ever called, and what changes about it. Thread-safe. */
public final class Desks {

    private final DeskContext context;
    private final Supplier<PlatformView> view;
    private final List<OwnedLoop> loops;
    private final KeptBodies bodies;
    private final ConcurrentHashMap<RevisionId, RevisionDesk> desks = new ConcurrentHashMap<>();

    /** A loop and the reporter that lives on it. */
    public record OwnedLoop(Loop loop, DemandReporter reporter) {}

    public Desks(DeskContext context, Supplier<PlatformView> view, List<OwnedLoop> loops) {
        this.context = context;
        this.view = view;
        this.bodies = new KeptBodies(context.sending().repeat().bytesMax());
        this.loops = List.copyOf(loops);
    }

    /** The desk of a revision, made on its first request. */
    public RevisionDesk desk(RevisionId revision) {
        RevisionDesk desk = desks.get(revision);
        return desk != null ? desk : open(revision);
    }

    /** Passes on what was announced; desks that do not exist yet read it from the view when they open. */
    public void changed(List<PlatformView.Change> changes) {
        boolean nodesChanged = false;
        for (PlatformView.Change change : changes) {
            nodesChanged |= change.topic().equals(Topics.NODES.name());
            changed(change);
        }
        if (nodesChanged) {
            desks.values().forEach(RevisionDesk::nodesChanged);
        }
    }

    private void changed(PlatformView.Change change) {
        Object value = change.value();
        if (change.topic().equals(Topics.INSTANCES.name())) {
            instanceChanged(change.key(), value);
        } else if (value instanceof RevisionPlan plan) {
            withDesk(plan.revision(), desk -> desk.planned(plan));
        } else if (value instanceof RevisionSpec spec) {
            withDesk(spec.id(), desk -> desk.specified(spec));
        } else if (change.topic().equals(Topics.REVISIONS.name())) {
            close(RevisionId.parse(change.key()));
        }
    }

    private void instanceChanged(String instanceId, @Nullable Object value) {
        if (value instanceof InstanceEvent event) {
            withDesk(event.revision(), desk -> desk.instanceChanged(event));
        } else {
            // A tombstone does not say whose instance it was; it follows GONE, so that almost always nobody has it any
            // more.
            desks.values().forEach(desk -> desk.instanceGone(instanceId));
        }
    }

    private void withDesk(RevisionId revision, Consumer<RevisionDesk> action) {
        RevisionDesk desk = desks.get(revision);
        if (desk != null) {
            action.accept(desk);
        }
    }

    private RevisionDesk open(RevisionId revision) {
        OwnedLoop owner = loops.get(Math.floorMod(revision.hashCode(), loops.size()));
        // In the map first and filled afterwards: a change between the two is then seen at least once.
        return desks.computeIfAbsent(
                revision, id -> new RevisionDesk(id, context, owner.loop(), owner.reporter(), view, bodies));
    }

    private void close(RevisionId revision) {
        RevisionDesk desk = desks.remove(revision);
        if (desk != null) {
            desk.revisionDeleted();
        }
    }
}
