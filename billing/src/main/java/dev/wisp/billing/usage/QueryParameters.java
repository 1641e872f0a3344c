package dev.wisp.billing.usage;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; every refusal names the parameter. */
final class QueryParameters {

    /** A DNS label, as Knative requires of namespaces and services. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private QueryParameters() {}

    /** A namespace or service, null when absent or empty. */
    static @Nullable String name(String parameter, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (!NAME.matcher(value).matches()) {
            throw InvalidParameter.of(parameter, value, "must be 1..63 of a-z, 0-9 and '-', as in DNS");
        }
        return value;
    }

    /** A moment, null when absent or empty. */
    static @Nullable Instant time(String parameter, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        Instant time = parse(parameter, value);
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw InvalidParameter.of(parameter, value, "must be between %s and %s".formatted(EARLIEST, LATEST));
        }
        return time;
    }

    static int limit(@Nullable String value, int defaultValue, int max) {
        if (value == null || value.isEmpty()) {
            return defaultValue;
        }
        String rule = "must be 1..%d".formatted(max);
        try {
            int limit = Integer.parseInt(value);
            if (limit >= 1 && limit <= max) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw InvalidParameter.of("limit", value, rule);
        }
        throw InvalidParameter.of("limit", value, rule);
    }

    static <E extends Enum<E>> E choice(String parameter, String value, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value.toUpperCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw InvalidParameter.of(
                parameter, value, "must be one of " + java.util.Arrays.toString(type.getEnumConstants()));
    }

    private static Instant parse(String parameter, String value) {
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            throw InvalidParameter.of(parameter, value, "must be a time as in RFC 3339, like 2026-11-23T00:00:00Z");
        }
    }
}
