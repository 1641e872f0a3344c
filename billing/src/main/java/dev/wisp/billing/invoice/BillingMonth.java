package dev.wisp.billing.invoice;

import dev.wisp.contracts.problem.ProblemException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Months that are billed, in UTC; each is named by its first day. */
public final class BillingMonth {

    private BillingMonth() {}

    /** The one that an instant is in. */
    public static LocalDate of(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC).withDayOfMonth(1);
    }

    /** The month that a caller asks for, this one when none is named. */
    public static LocalDate asked(@Nullable String text, Instant now) {
        if (text == null) {
            return of(now);
        }
        try {
            return YearMonth.parse(text).atDay(1);
        } catch (DateTimeParseException e) {
            throw ProblemException.invalid("/month", "must be a month such as 2026-11");
        }
    }

    public static Instant start(LocalDate month) {
        return month.atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    /** The first instant that is in it no more. */
    public static Instant end(LocalDate month) {
        return start(month.plusMonths(1));
    }
}
