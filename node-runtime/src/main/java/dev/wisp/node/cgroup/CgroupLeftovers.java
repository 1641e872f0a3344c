package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Descriptors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Empties and removes the groups below Wisp's own folders. */
final class CgroupLeftovers {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long RETRY_NANOS = Duration.ofMillis(2).toNanos();

    private final Descriptors files;
    private final GroupKill kill;
    private final Duration patience;

    CgroupLeftovers(Descriptors files, GroupKill kill) {
        this(files, kill, PATIENCE);
    }

    /** @param patience with one group: thousands may be left, and each takes its time to die */
    CgroupLeftovers(Descriptors files, GroupKill kill, Duration patience) {
        this.kill = kill;
        this.files = files;
        this.patience = patience;
    }

    /**
     * @param roots Wisp's folders
     * @param thaw puts the processes of a sandbox, named as its groups are, back on the processors, or they would not die
     * @return how many sandboxes had groups
     */
    int remove(Collection<String> roots, Consumer<String> thaw) {
        Set<String> names = new HashSet<>();
        for (String root : Set.copyOf(roots)) {
            for (String folder : children(root)) {
                String name = folder.substring(root.length() + 1);
                names.add(name);
                empty(folder, () -> thaw.accept(name));
            }
        }
        return names.size();
    }

    /** Names of the groups below these roots. */
    static Set<String> names(Collection<String> roots) {
        return Set.copyOf(roots).stream()
                .flatMap(root -> children(root).stream().map(folder -> folder.substring(root.length() + 1)))
                .collect(Collectors.toSet());
    }

    private void empty(String folder, Runnable thaw) {
        children(folder).forEach(child -> empty(child, thaw));
        long deadline = System.nanoTime() + patience.toNanos();
        while (!CgroupText.isGone(files.removeFolder(folder))) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("cgroup=%s, its processes do not end".formatted(folder));
            }
            killAll(folder);
            thaw.run();
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    private void killAll(String folder) {
        long self = ProcessHandle.current().pid();
        kill.kill(() -> CgroupText.listed(folder + "/cgroup.procs").stream()
                .filter(pid -> pid > 1 && pid != self)
                .toList());
    }

    private static List<String> children(String folder) {
        try (Stream<Path> entries = Files.list(Path.of(folder))) {
            return entries.filter(Files::isDirectory).map(Path::toString).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder, e);
        }
    }
}
