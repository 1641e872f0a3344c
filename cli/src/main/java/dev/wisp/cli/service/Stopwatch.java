package dev.wisp.cli.service;

/** Time since a command began. */
public final class Stopwatch {

    private final long startNanos = System.nanoTime();

    public long millis() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }
}
