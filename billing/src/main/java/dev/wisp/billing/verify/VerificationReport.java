package dev.wisp.billing.verify;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verification came to.
 *
 * @param clean whether nothing is wrong
 * @param finding the first thing that is, null when clean
 * @param checks those that were made, the last of them the one that found something
 */
public record VerificationReport(
        Instant at, boolean clean, @Nullable String finding, List<Check> checks) {

    /**
     * One question.
     *
     * @param parts days or tables it was asked of
     */
    public record Check(String name, long parts, long millis) {}

    public VerificationReport {
        checks = List.copyOf(checks);
    }
}
