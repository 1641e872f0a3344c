package dev.wisp.autoscaler.schedule;

import dev.wisp.autoscaler.decision.ScaleInputs.Scheduled;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The largest least number of all schedules whose time it is. A schedule is on while its next end comes before its next start, so that the present
 * decides and nothing has to be remembered.
 */
public final class SchedulePolicy {

    private SchedulePolicy() {}

    /**
     * What holds from a moment on.
     *
     * @param scheduled null when no schedule is on
     * @param until when to look again; before that the answer is the same
     */
    public record Phase(@Nullable Scheduled scheduled, Instant until) {

        boolean holds(Instant now) {
            return now.isBefore(until);
        }
    }

    public static Phase at(List<ScheduleTimes> schedules, Instant now) {
        Scheduled most = null;
        Instant until = Instant.MAX;
        for (ScheduleTimes schedule : schedules) {
            Instant start = schedule.nextStart(now);
            Instant end = schedule.nextEnd(now);
            until = earliest(until, start, end);
            if (end.isBefore(start) && (most == null || schedule.minScale() > most.instances())) {
                most = new Scheduled(schedule.minScale(), schedule.text(), end);
            }
        }
        return new Phase(most, until);
    }

    private static Instant earliest(Instant first, Instant second, Instant third) {
        Instant earlier = first.isBefore(second) ? first : second;
        return earlier.isBefore(third) ? earlier : third;
    }
}
