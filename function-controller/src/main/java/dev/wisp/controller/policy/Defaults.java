package dev.wisp.controller.policy;

/** What a service gets when it does not say; listed in {@code docs/reference/api.md}. */
public final class Defaults {

    public static final String NAMESPACE = "default";
    public static final String CONTAINER_NAME = "user-container";
    public static final String PORT_NAME = "http1";
    public static final int PORT = 8080;
    public static final String CPU = "1";
    public static final int CPU_MILLICORES = 1_000;
    public static final String MEMORY = "256Mi";
    public static final long MEMORY_BYTES = 256L << 20;
    public static final int PIDS_MAX = 512;

    /** The writable layer is memory too, so it gets at most this and at most a quarter of the memory limit. */
    public static final long WRITABLE_BYTES_MAX = 64L << 20;

    public static final long CONTAINER_CONCURRENCY = 0;
    public static final long TIMEOUT_SECONDS = 300;
    public static final long START_TIMEOUT_MILLIS = 10_000;

    private Defaults() {}
}
