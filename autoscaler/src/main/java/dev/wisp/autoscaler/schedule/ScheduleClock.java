package dev.wisp.autoscaler.schedule;

import dev.wisp.autoscaler.decision.ScaleInputs.Scheduled;
import dev.wisp.contracts.revision.ScaleSchedule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks a revision's schedules again only when their answer can have changed. Not thread-safe. */
public final class ScheduleClock {

    private final List<ScheduleTimes> schedules;
    private Instant from = Instant.MAX;
    private SchedulePolicy.Phase phase = new SchedulePolicy.Phase(null, Instant.MIN);

    public ScheduleClock(List<ScaleSchedule> schedules) {
        this.schedules = schedules.stream()
                .map(ScheduleTimes::read)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Whether time alone will change the answer. */
    public boolean isTicking() {
        return !schedules.isEmpty();
    }

    /** Null when no schedule is on. A clock that was set back is noticed. */
    public @Nullable Scheduled at(Instant now) {
        if (schedules.isEmpty()) {
            return null;
        }
        if (!phase.holds(now) || now.isBefore(from)) {
            phase = SchedulePolicy.at(schedules, now);
            from = now;
        }
        return phase.scheduled();
    }
}
