package dev.wisp.node.cgroup;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The group of one sandbox. A child joins it by itself, writing "0" to files the runtime has opened: that way the kernel needs none of the locks that
 * make moving another process take ten milliseconds. Thread-safe.
 */
public interface Cgroup {

    /**
     * Folder of the group to clone a child into, or null where the kernel cannot do that. A child that is born inside needs no move, which would wait for
     * the kernel's grace period.
     */
    @Nullable
    String birthFolder();

    /** Files that a child writes to long before it executes anything. */
    List<String> joinFilesEarly();

    /**
     * File that a child writes to right before it executes the entrypoint, or null. It is the memory controller's where that can be joined by itself: a
     * child shares the runtime's memory until then, and if it were picked for being out of memory, the runtime would die with it.
     */
    @Nullable
    String joinFileLast();

    /** Sets what can be set before the entrypoint runs. */
    void limit(CgroupLimits limits);

    /** Sets what must wait until the entrypoint runs. */
    void limitRunning(CgroupLimits limits);

    CgroupUsage usage();

    /** Processor time alone, microseconds; a third of the cost of {@link #usage()}. */
    long cpuMicros();

    /** Memory alone, bytes. */
    long memoryBytes();

    /** Ids of the threads in it, as the host counts them; none when it is gone. */
    List<Long> threads();

    /** Processes killed for passing the memory limit. */
    long outOfMemoryKills();

    /** Processes and threads that were not made because there were as many as there may be; 0 on kernels that do not count them. */
    long processesRefused();

    /** Has the kernel take all processes off the processors, each as soon as it can be; returns at once. */
    void freeze();

    /** Whether all of a group that was frozen stand still. Version 1 looks only when it is asked. */
    boolean standsStill();

    /** Puts them back. */
    void thaw();

    /** Kills whatever is in the group, by the group and not by the first process. */
    void kill();

    /** Removes the group; false while processes are in it, which takes a moment after their end. */
    boolean remove();
}
