package dev.wisp.node.linux;

/**
 * The C library, names verbatim. Nearly everything goes through {@code syscall}: one signature, no wrapper of the C library in between, and numbers
 * newer than the installed C library work.
 */
public interface LibC {

    /**
     * @param unused the native interface passes garbage as the sixth argument of a function with exactly six, so there is a seventh
     */
    long syscall(long number, long a, long b, long c, long d, long e, long f, long unused);
}
