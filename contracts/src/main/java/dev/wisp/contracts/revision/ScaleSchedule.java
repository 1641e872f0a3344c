package dev.wisp.contracts.revision;

/**
 * A span of time that comes again, in which a revision has more instances than its min-scale: from each moment of the one expression until
 * the next moment of the other.
 *
 * @param minScale instances held in it, at least 1
 * @param start when it begins, as {@link CronTimes} reads it
 * @param end when it ends, likewise
 * @param timeZone of both: a name of the time zone database such as {@code Europe/Berlin}, or {@code UTC}
 */
public record ScaleSchedule(int minScale, String start, String end, String timeZone) {}
