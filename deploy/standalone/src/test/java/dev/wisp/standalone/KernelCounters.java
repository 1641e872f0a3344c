package dev.wisp.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Processor time of a platform's sandboxes by the kernel's own files, whatever the platform says of it. Of either version of control groups. */
final class KernelCounters {

    private static final Path TOP = Path.of("/sys/fs/cgroup");
    private static final int BRANCH_DEPTH_MAX = 3;
    private static final String USAGE = "usage_usec ";

    private KernelCounters() {}

    /** Microseconds by the name of a sandbox's group. */
    static Map<String, Long> micros(Path home) throws IOException {
        Map<String, Long> counted = new HashMap<>();
        for (Path branch : branches(home)) {
            for (Path group : folders(branch)) {
                counted.merge(group.getFileName().toString(), used(group), Math::max);
            }
        }
        return counted;
    }

    /** Groups under which a platform of this home has those of its sandboxes, in order: one, or with version 1 one a controller. */
    static List<Path> branches(Path home) throws IOException {
        String branch = new Home(home).branch();
        try (Stream<Path> found = Files.walk(TOP, BRANCH_DEPTH_MAX)) {
            return found.filter(path -> path.endsWith(branch)).sorted().toList();
        }
    }

    /** Of the group that has used most since. */
    static long mostSince(Map<String, Long> before, Path home) throws IOException {
        return micros(home).entrySet().stream()
                .mapToLong(group -> group.getValue() - before.getOrDefault(group.getKey(), 0L))
                .max()
                .orElse(0);
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory).toList();
        }
    }

    private static long used(Path group) throws IOException {
        Path nanos = group.resolve("cpuacct.usage");
        if (Files.exists(nanos)) {
            return Long.parseLong(Files.readString(nanos).strip()) / 1_000;
        }
        Path statistics = group.resolve("cpu.stat");
        return !Files.exists(statistics)
                ? 0
                : Files.readAllLines(statistics).stream()
                        .filter(line -> line.startsWith(USAGE))
                        .mapToLong(line -> Long.parseLong(line.substring(USAGE.length())))
                        .findFirst()
                        .orElse(0);
    }
}
