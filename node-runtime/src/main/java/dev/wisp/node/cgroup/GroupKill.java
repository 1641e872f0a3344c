package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.Processes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Kills what a group names, one by one, where the kernel has no way to kill a group. */
final class GroupKill {

    private final Processes processes;

    GroupKill(Processes processes) {
        this.processes = processes;
    }

    /**
     * A process that is named may have ended, and its number may be somebody else's, by the time it is killed. So it is opened first, and killed only if the group
     * names it still: what is open then is the one that was named the second time, whatever becomes of the number. What forks meanwhile is met by the next call.
     *
     * @param named the group's processes, read anew at each call
     */
    void kill(Supplier<List<Long>> named) {
        Map<Long, Integer> opened = new HashMap<>();
        try {
            for (long pid : named.get()) {
                int pidfd = processes.open(pid);
                if (pidfd >= 0) {
                    opened.put(pid, pidfd);
                }
            }
            Set<Long> still = Set.copyOf(named.get());
            opened.forEach((pid, pidfd) -> {
                if (still.contains(pid)) {
                    processes.signal(pidfd, (int) Named.SIGKILL.value());
                }
            });
        } finally {
            opened.values().forEach(processes::close);
        }
    }
}
