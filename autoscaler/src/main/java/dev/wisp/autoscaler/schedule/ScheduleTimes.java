package dev.wisp.autoscaler.schedule;

import dev.wisp.contracts.revision.CronTimes;
import dev.wisp.contracts.revision.ScaleSchedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** A schedule that can be asked for its moments. Immutable. */
public final class ScheduleTimes {

    private final ScaleSchedule schedule;
    private final ZoneId zone;
    private final CronTimes start;
    private final CronTimes end;

    private ScheduleTimes(ScaleSchedule schedule, ZoneId zone, CronTimes start, CronTimes end) {
        this.schedule = schedule;
        this.zone = zone;
        this.start = start;
        this.end = end;
    }

    /** Empty when an expression or the time zone is not understood, as with one of a newer controller; one of the same version refuses such schedules. */
    public static Optional<ScheduleTimes> read(ScaleSchedule schedule) {
        try {
            return Optional.of(new ScheduleTimes(
                    schedule,
                    ZoneId.of(schedule.timeZone()),
                    CronTimes.parse(schedule.start()),
                    CronTimes.parse(schedule.end())));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    int minScale() {
        return schedule.minScale();
    }

    /** {@code schedule '0 8 * * 1-5' to '0 18 * * 1-5' Europe/Berlin}. */
    String text() {
        return "schedule '%s' to '%s' %s".formatted(schedule.start(), schedule.end(), schedule.timeZone());
    }

    Instant nextStart(Instant now) {
        return start.next(now, zone).orElse(Instant.MAX);
    }

    Instant nextEnd(Instant now) {
        return end.next(now, zone).orElse(Instant.MAX);
    }
}
