package dev.wisp.gateway.ejection;

/**
 * Decides which instances are left alone for a while: outlier ejection, with a circuit for each instance. What counts is that the
 * platform could not get an answer; a workload's own 5xx is an answer, and ejects nobody. After its time one call is let through, and
 * what becomes of it decides.
 */
public final class EjectionPolicy {

    /** An instance that cannot be connected to so often in a row is forgotten until it is announced again. */
    public static final int EJECTIONS_MAX = 8;

    private static final int PERCENT = 100;

    private EjectionPolicy() {}

    /** What went wrong. */
    public enum Failure {
        /** No connection came about: not one more call should wait for that. */
        UNCONNECTED,
        /** The instance broke off, took too long or made no sense. */
        BROKEN
    }

    /**
     * How an instance does.
     *
     * @param failures calls that failed since one was answered
     * @param ejections times it was left alone since a call was answered
     * @param untilNanos when a call may be tried again, 0 when it is not left alone
     */
    public record Health(int failures, int ejections, long untilNanos) {

        public static final Health WELL = new Health(0, 0, 0);

        public boolean isEjected() {
            return untilNanos != 0;
        }
    }

    /** What to do about a failure. */
    public sealed interface Decision {

        /** With numbers. */
        String reason();

        /** Goes on as before. */
        record Keep(Health health, String reason) implements Decision {}

        /** Is left alone until {@link Health#untilNanos}. */
        record Eject(Health health, String reason) implements Decision {}

        /** Is forgotten. */
        record Forget(String reason) implements Decision {}
    }

    /**
     * @param instances of the revision, this one with them
     * @param ejected of these, without this one
     */
    public static Decision failed(
            Health before, Failure what, int instances, int ejected, long nowNanos, EjectionLimits limits) {
        int failures = before.failures() + 1;
        if (what == Failure.UNCONNECTED) {
            return before.ejections() >= EJECTIONS_MAX
                    ? new Decision.Forget("no connection after it was left alone %d times".formatted(EJECTIONS_MAX))
                    : eject(before, failures, "no connection came about", nowNanos, limits);
        }
        // A call that was let through after a while decides alone.
        if (before.ejections() == 0 && failures < limits.failuresMax()) {
            return new Decision.Keep(
                    new Health(failures, 0, 0), "%d of %d failures in a row".formatted(failures, limits.failuresMax()));
        }
        if ((ejected + 1) * PERCENT > instances * limits.percentMax()) {
            return new Decision.Keep(
                    new Health(failures, before.ejections(), 0),
                    "%d failures in a row, but %d of %d instances are left alone, and at most %d %% may be"
                            .formatted(failures, ejected, instances, limits.percentMax()));
        }
        return eject(before, failures, "%d failures in a row".formatted(failures), nowNanos, limits);
    }

    /** For how long an instance is left alone that was so often before. */
    static long ejectedNanos(int ejectionsBefore, EjectionLimits limits) {
        long longest = limits.longest().toNanos();
        long base = limits.base().toNanos();
        return ejectionsBefore >= Long.numberOfLeadingZeros(base) - 1
                ? longest
                : Math.min(longest, base << ejectionsBefore);
    }

    private static Decision eject(Health before, int failures, String why, long nowNanos, EjectionLimits limits) {
        long nanos = ejectedNanos(before.ejections(), limits);
        long until = nowNanos + nanos;
        return new Decision.Eject(
                new Health(failures, before.ejections() + 1, until == 0 ? 1 : until),
                "%s: left alone for %d ms".formatted(why, nanos / 1_000_000));
    }
}
