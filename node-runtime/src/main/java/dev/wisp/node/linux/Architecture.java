package dev.wisp.node.linux;

import java.util.Locale;

/** What differs between processors: numbers, a few constants and layouts, and the machine code that runs a program in a child. */
public sealed interface Architecture permits X8664, Aarch64 {

    /** As the kernel's own sources call it; also the name of its system call policy. */
    String name();

    /** Number of a call. */
    int number(Syscall call);

    /** Position-independent code; {@link TableLayout} is what it walks. */
    byte[] code();

    /** Where in {@link #code()} the function {@code spawn(clone_args, size, table)} starts. */
    int spawnOffset();

    /** Where in {@link #code()} the function {@code clock()} starts, which reads the counter that rows are stamped with. */
    int clockOffset();

    /** How the audit system, and with it a filter, names this architecture's calls. */
    int auditName();

    /** Lowest number of calls that a second calling convention of the same audit name has, 0 when there is none. */
    int foreignCallsFrom();

    /** Value of {@code O_DIRECTORY}. */
    int directoryFlag();

    /** Value of {@code O_NOFOLLOW}. */
    int noFollowFlag();

    /** Where in an {@code epoll_event} its data lies. */
    int epollDataOffset();

    /** Whether this JVM runs on one of these. */
    static boolean isSupported() {
        return switch (property()) {
            case "amd64", "aarch64" -> true;
            default -> false;
        };
    }

    /** The one this JVM runs on. */
    static Architecture current() {
        return switch (property()) {
            case "amd64" -> new X8664();
            case "aarch64" -> new Aarch64();
            default ->
                throw new IllegalStateException(
                        "os.arch=%s, Wisp starts sandboxes on amd64 and aarch64".formatted(property()));
        };
    }

    private static String property() {
        return System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    }
}
