package dev.wisp.contracts.revision;

/** What a revision forbids its own process, over and above what no sandbox may do. */
public enum Restriction {
    /** It does not start as user 0 of the sandbox, whatever the image says. */
    NO_ROOT_USER,
    /** Of its files only {@code /tmp}, {@code /dev/shm} and the volumes can be written. */
    READ_ONLY_ROOT
}
