package dev.wisp.node.sandbox;

/** What a sandbox can have too much of without being ended for it; the names are those of metrics. */
public enum Limit {
    PROCESSES,
    OPEN_FILES,
    WRITABLE_BYTES,
    WRITABLE_FILES,
    OUTPUT
}
