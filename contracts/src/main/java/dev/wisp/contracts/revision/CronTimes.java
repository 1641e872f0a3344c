package dev.wisp.contracts.revision;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/**
 * The moments a cron expression means: five fields (minute, hour, day of month, month, day of week) as crontab(5) has them. Where clocks are set
 * forward, what is left out comes with the first moment after the gap; where they are set back, what would come twice comes the first time. Immutable,
 * thread-safe.
 */
public final class CronTimes {

    /** Longer than any expression that people write. */
    public static final int TEXT_MAX = 100;

    private final ExecutionTime times;

    private CronTimes(ExecutionTime times) {
        this.times = times;
    }

    /** @throws IllegalArgumentException when it is not such an expression, saying why */
    public static CronTimes parse(String text) {
        if (text.length() > TEXT_MAX) {
            throw new IllegalArgumentException("is longer than %d characters".formatted(TEXT_MAX));
        }
        return new CronTimes(
                ExecutionTime.forCron(new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                        .parse(text)
                        .validate()));
    }

    /** The first moment after this one; empty when there is none, as for the thirtieth of February. */
    public Optional<Instant> next(Instant after, ZoneId zone) {
        LocalDateTime local = after.atZone(zone).toLocalDateTime();
        while (true) {
            Optional<LocalDateTime> next =
                    times.nextExecution(local.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            local = next.get();
            Instant moment = moment(local, zone);
            if (moment.isAfter(after)) {
                return Optional.of(moment);
            }
        }
    }

    private static Instant moment(LocalDateTime local, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(zone).toInstant();
    }
}
