package dev.wisp.bench.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of the host a runtime could leave behind.
 *
 * @param descriptors open in this process
 * @param threads of the runtime, how many of each name without its number: the JVM makes and ends its own as it likes
 * @param children of this process
 * @param groups control groups below a prefix
 * @param mounts the host's
 * @param interfaces the host's network interfaces
 */
record Held(long descriptors, Map<String, Long> threads, long children, long groups, long mounts, long interfaces) {

    static Held now(String prefix) {
        try {
            return new Held(
                    entries(Path.of("/proc/self/fd")),
                    threadsNow(),
                    ProcessHandle.current().children().count(),
                    groups(prefix),
                    Files.readAllLines(Path.of("/proc/self/mounts")).size(),
                    entries(Path.of("/sys/class/net")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Long> threadsNow() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("wisp-"))
                .collect(Collectors.groupingBy(
                        name -> name.replaceFirst("-\\d+$", ""), TreeMap::new, Collectors.counting()));
    }

    /** The branch itself is not counted: it belongs to the runtime. */
    static long groups(String prefix) throws IOException {
        long groups = 0;
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            List<Path> branches = Stream.concat(
                            hierarchies.map(hierarchy -> hierarchy.resolve(prefix)),
                            Stream.of(Path.of("/sys/fs/cgroup", prefix)))
                    .filter(Files::isDirectory)
                    .toList();
            for (Path branch : branches) {
                try (Stream<Path> below = Files.list(branch)) {
                    groups += below.filter(Files::isDirectory).count();
                }
            }
        }
        return groups;
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
