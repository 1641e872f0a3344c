package dev.wisp.controller.revision;

import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.controller.route.RolloutPlanner;
import dev.wisp.controller.route.RolloutSettings;
import dev.wisp.controller.store.Progress;
import dev.wisp.controller.store.ServiceChange;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.StoredRevision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Plans what a report of a node, or the passing of time, changes at a service. */
final class ProgressPlanner {

    private ProgressPlanner() {}

    /** A node has reported. */
    static ServiceChange reported(
            ServiceSnapshot snapshot, RevisionReadiness report, RolloutSettings settings, Instant now) {
        return plan(
                snapshot,
                revision -> revision.id().equals(report.revision())
                        ? ProgressPolicy.after(revision, report, now)
                        : Optional.empty(),
                settings,
                now);
    }

    /** Time has passed: deadlines are over, grace times end. */
    static ServiceChange elapsed(ServiceSnapshot snapshot, Duration deadline, RolloutSettings settings, Instant now) {
        return plan(snapshot, revision -> ProgressPolicy.overdue(revision, deadline, now), settings, now);
    }

    private static ServiceChange plan(
            ServiceSnapshot snapshot,
            Function<StoredRevision, Optional<Progress>> step,
            RolloutSettings settings,
            Instant now) {
        List<StoredRevision> moved = new ArrayList<>();
        List<StoredRevision> all = new ArrayList<>();
        for (StoredRevision revision : snapshot.revisions()) {
            StoredRevision after =
                    step.apply(revision).map(revision::withProgress).orElse(revision);
            all.add(after);
            if (!after.equals(revision)) {
                moved.add(after);
            }
        }
        ServiceChange change = RolloutPlanner.plan(new ServiceSnapshot(snapshot.service(), all), settings, now);
        for (StoredRevision revision : moved) {
            change = change.after(revision, List.of());
        }
        return change;
    }
}
