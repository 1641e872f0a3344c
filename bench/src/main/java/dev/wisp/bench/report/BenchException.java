package dev.wisp.bench.report;

/** A benchmark cannot go on; the message says what is wrong and what to do. */
public final class BenchException extends RuntimeException {

    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
