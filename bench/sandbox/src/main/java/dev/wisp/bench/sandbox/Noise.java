package dev.wisp.bench.sandbox;

import java.util.List;
import java.util.Locale;

/** What a bad neighbour does, as stress-ng's options: one for each class of its tests that a sandbox lets run, and two that end badly. */
enum Noise {
    CPU("--cpu 1"),
    CACHE("--cache 1"),
    MEMORY("--vm 1 --vm-bytes 24M"),
    STREAM("--stream 1"),
    SCHEDULER("--switch 1"),
    TIMER("--timer 1"),
    FUTEX("--futex 1"),
    PIPE("--pipe 1"),
    NETWORK("--sock 1"),
    FILES("--dentry 1 --dentries 256"),
    DISK("--hdd 1 --hdd-bytes 4M"),
    FORK("--fork 1"),
    /** More processes than its limit. */
    FORK_BOMB("--fork 64 --fork-max 64"),
    /** More memory than its limit, again and again. */
    OUT_OF_MEMORY("--bigheap 1 --oomable");

    private final String options;

    Noise(String options) {
        this.options = options;
    }

    List<String> options() {
        return List.of(options.split(" "));
    }

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
