package dev.wisp.controller.policy;

import dev.wisp.contracts.revision.CronTimes;
import dev.wisp.contracts.revision.ScaleSchedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code 5 from 0 8 * * 1-5 to 0 18 * * 1-5 in Europe/Berlin; …}. */
final class ScheduleReader {

    static final String KEY = "wisp.dev/min-scale-schedule";

    private static final int SCHEDULES_MAX = 16;
    private static final int TEXT_MAX = 4_096;
    private static final Pattern FORM = Pattern.compile("(\\d{1,7}) from (.+?) to (.+?)(?: in (\\S+))?");
    private static final String SHAPE = "must be 'N from CRON to CRON in TIMEZONE', several with ';' between them";
    /** Any moment does: whether an expression ever comes true does not depend on it. */
    private static final Instant SOME_DAY = Instant.parse("2026-01-01T00:00:00Z");

    private ScheduleReader() {}

    static List<ScaleSchedule> schedules(Annotations annotations, int maxScale, int scaleMax) {
        String text = annotations.text(KEY);
        if (text == null) {
            return List.of();
        }
        String[] parts = text.length() > TEXT_MAX ? new String[0] : text.split(";", -1);
        if (parts.length == 0 || parts.length > SCHEDULES_MAX) {
            annotations.refuse(KEY, "is too long, at most %d schedules can be given".formatted(SCHEDULES_MAX));
            return List.of();
        }
        List<ScaleSchedule> schedules = new ArrayList<>();
        for (String part : parts) {
            Matcher form = FORM.matcher(part.strip());
            String problem = form.matches() ? problem(form, maxScale, scaleMax) : SHAPE;
            if (problem != null) {
                annotations.refuse(KEY, "'%s' %s".formatted(ServicePolicy.shortened(part.strip()), problem));
            } else {
                schedules.add(new ScaleSchedule(instances(form), form.group(2), form.group(3), zone(form)));
            }
        }
        return schedules;
    }

    private static @Nullable String problem(Matcher form, int maxScale, int scaleMax) {
        int instances = instances(form);
        if (instances < 1 || instances > scaleMax) {
            return "asks for %d instances, must be 1..%d".formatted(instances, scaleMax);
        }
        if (maxScale > 0 && instances > maxScale) {
            return "asks for %d instances, must not be above max-scale, which is %d".formatted(instances, maxScale);
        }
        ZoneId zone;
        try {
            zone = ZoneId.of(zone(form));
        } catch (DateTimeException e) {
            return "names the time zone '%s', which does not exist; an example is Europe/Berlin".formatted(zone(form));
        }
        String start = expressionProblem(form.group(2), zone);
        return start == null ? expressionProblem(form.group(3), zone) : start;
    }

    private static @Nullable String expressionProblem(String expression, ZoneId zone) {
        try {
            return CronTimes.parse(expression).next(SOME_DAY, zone).isPresent()
                    ? null
                    : "has the expression '%s', which never comes true".formatted(expression);
        } catch (IllegalArgumentException e) {
            return "has the expression '%s', which is not one of cron: %s"
                    .formatted(ServicePolicy.shortened(expression), ServicePolicy.shortened(reason(e)));
        }
    }

    private static String reason(IllegalArgumentException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    }

    private static int instances(Matcher form) {
        return Integer.parseInt(form.group(1));
    }

    private static String zone(Matcher form) {
        return form.group(4) == null ? "UTC" : form.group(4);
    }
}
