package dev.wisp.node.escape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of the host must be the same after an attack as before.
 *
 * @param settings of the kernel, but for those that count something
 * @param mounts the host's, but for those of other tests, which are in the folder for temporary files
 * @param canary a folder and all that is in it
 * @param victim a process of the host's: its ids, priority, policy and processors, empty when it is gone
 * @param complaints of the kernel about itself
 * @param bootTime by the clock that people read and the one that cannot be set, to ten seconds
 */
record HostState(
        Map<String, String> settings,
        Set<String> mounts,
        String canary,
        String victim,
        Set<String> complaints,
        Instant bootTime) {

    private static final List<Path> SETTINGS = List.of(
            Path.of("/proc/sys/kernel"), Path.of("/proc/sys/vm"), Path.of("/proc/sys/fs"), Path.of("/proc/sys/user"));
    private static final Predicate<String> COUNTS = Pattern.compile(
                    "/random/|ns_last_pid|-state$|-nr$|/nr$|stat_refresh|perf_event_max_sample_rate|/pty/|/keys/|inode-nr|quota|_count$|/bpf_stats")
            .asPredicate();
    private static final Predicate<String> COMPLAINT = Pattern.compile(
                    "BUG|Oops|WARNING: CPU|general protection|KASAN|hung task|soft lockup|refcount")
            .asPredicate();
    private static final Duration CLOCK_SLACK = Duration.ofSeconds(10);
    private static final int READ_BYTES_MAX = 8_192;

    static HostState now(Path canary, Process victim) {
        try {
            return new HostState(
                    settingsNow(),
                    mountsNow(),
                    Fingerprint.of(canary),
                    process(victim.pid()),
                    complaintsNow(),
                    bootTimeNow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is another than it was, for people. */
    List<String> changedSince(HostState before) {
        List<String> changed = new ArrayList<>();
        Stream.concat(settings.keySet().stream(), before.settings.keySet().stream())
                .distinct()
                .forEach(key -> add(changed, key, before.settings.get(key), settings.get(key)));
        add(changed, "mounts", before.mounts, mounts);
        add(changed, "canary", before.canary, canary);
        add(changed, "victim", before.victim, victim);
        add(changed, "boot time", before.bootTime, bootTime);
        complaints.stream().filter(line -> !before.complaints.contains(line)).forEach(changed::add);
        return changed;
    }

    private static void add(List<String> changed, String what, @Nullable Object before, @Nullable Object now) {
        if (!Objects.equals(before, now)) {
            changed.add("%s was %s, is %s".formatted(what, before, now));
        }
    }

    private static Map<String, String> settingsNow() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (Path top : SETTINGS) {
            try (Stream<Path> files = Files.walk(top)) {
                files.filter(file -> Files.isRegularFile(file) && !COUNTS.test(file.toString()))
                        .forEach(file -> settings.put(file.toString(), read(file)));
            }
        }
        return settings;
    }

    /** In one piece, since the kernel gives no second one of a setting. What cannot be read is not told apart. */
    private static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(READ_BYTES_MAX), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static Set<String> mountsNow() throws IOException {
        String temporary = System.getProperty("java.io.tmpdir") + "/";
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(line -> !line.split(" ")[1].startsWith(temporary))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String process(long pid) {
        Path folder = Path.of("/proc", Long.toString(pid));
        String stat = read(folder.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).split(" ");
        List<String> status = read(folder.resolve("status"))
                .lines()
                .filter(line -> line.matches("(Name|State|Uid|Gid|Cpus_allowed|Seccomp|NoNewPrivs):.*"))
                .toList();
        // Priority, nice value and, far behind, the policy.
        return fields.length < 40 ? "" : status + " " + fields[16] + " " + fields[17] + " " + fields[39];
    }

    private static Set<String> complaintsNow() {
        return Commands.run(List.of("dmesg"))
                .lines()
                // What the kernel says of programs that crash is their own affair.
                .filter(line -> COMPLAINT.test(line) && !line.contains("traps: "))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Instant bootTimeNow() {
        double up = Double.parseDouble(read(Path.of("/proc/uptime")).split(" ")[0]);
        long seconds = Math.round(Instant.now().toEpochMilli() / 1000.0 - up);
        return Instant.ofEpochSecond(seconds - Math.floorMod(seconds, CLOCK_SLACK.toSeconds()));
    }
}
