package dev.wisp.contracts.dataplane;

/** Headers of Wisp's own; a caller's or a workload's copies of them are dropped. */
public final class WispHeaders {

    public static final String INVOCATION_ID = "x-invocation-id";
    public static final String REVISION = "x-revision";
    public static final String COLD_START = "x-cold-start";
    public static final String BILLED_DURATION = "x-billed-duration-ms";
    public static final String CPU_TIME = "x-cpu-time-us";
    /** {@code 0.000000200312 USD}. */
    public static final String COST = "x-cost";

    public static final String SERVER_TIMING = "server-timing";
    public static final String DEADLINE = "x-deadline-ms";

    /** By it a gateway knows a call that it makes itself, for a caller who does not wait. */
    public static final String ASYNC_CALL = "x-wisp-async";

    private WispHeaders() {}
}
