package dev.wisp.node.sandbox;

import dev.wisp.node.cgroup.CgroupTree;
import dev.wisp.node.linux.Affinity;
import dev.wisp.node.linux.TimeSlice;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Gives sandboxes that compute without a pause long time slices, so that others take their turn at once, keeps them to the processors that {@link ProcessorPolicy} says, and frees them when they have
 * become calm.
 *
 * <p>A look is one read of the branch's processor time while those that are kept account for it; only when they do not, the others are read, no more than {@link #READ_MAX} in a look. Threads
 * made meanwhile inherit both, and a workload cannot change either.
 */
final class ProcessorWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ProcessorWatch.class);

    private static final long PERIOD_MILLIS = 5;
    private static final int READ_MAX = 128;

    /** Threads may have been made while the others were moved: all are moved again, each tenth look, and of many threads at each twentieth, thirtieth, and so on. */
    private static final long LOOKS_TO_NEXT_MOVE = 10;

    private static final int THREADS_PER_MOVE = 64;

    private final CgroupTree branch;
    private final Affinity affinity;
    private final TimeSlice slices;
    private final Set<LinuxSandbox> sandboxes;
    private final BitSet all;
    private final Map<LinuxSandbox, Kept> kept = new HashMap<>();
    private final Map<LinuxSandbox, Reading> readings = new HashMap<>();
    private Iterator<LinuxSandbox> next = List.<LinuxSandbox>of().iterator();
    private Reading last;
    private long looks;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("wisp-sandbox-processors").daemon(true).factory());

    ProcessorWatch(CgroupTree branch, Affinity affinity, TimeSlice slices, Set<LinuxSandbox> sandboxes) {
        this.branch = branch;
        this.affinity = affinity;
        this.slices = slices;
        this.sandboxes = sandboxes;
        this.all = affinity.own();
        this.last = Reading.of(branch.cpuMicros());
        thread.scheduleWithFixedDelay(this::lookOrLog, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Processor time so far, and when that was read. */
    private record Reading(long cpuMicros, long nanos) {

        static Reading of(long cpuMicros) {
            return new Reading(cpuMicros, System.nanoTime());
        }

        long tookMicros(Reading before) {
            return (nanos - before.nanos) / 1_000;
        }

        long usedMicros(Reading before) {
            return cpuMicros - before.cpuMicros;
        }
    }

    /**
     * One that is kept.
     *
     * @param processors where; all of them for one that has long slices only
     * @param calmLooks for how many looks it has been calm
     * @param threads how many were moved last
     */
    private record Kept(BitSet processors, Reading reading, int calmLooks, int threads) {

        boolean isDue(long looks) {
            return looks % ((1 + threads / THREADS_PER_MOVE) * LOOKS_TO_NEXT_MOVE) == 0;
        }
    }

    private void lookOrLog() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.debugf(e, "processors of sandboxes");
        }
    }

    private void look() {
        if (sandboxes.isEmpty()) {
            kept.clear();
            readings.clear();
            return;
        }
        looks++;
        Reading now = Reading.of(branch.cpuMicros());
        long used = now.usedMicros(last) - lookAtKept();
        if (ProcessorPolicy.isHeavy(used, now.tookMicros(last))) {
            lookAtOthers();
        }
        last = now;
    }

    /** Processor time of those that are kept since the last look; microseconds. */
    private long lookAtKept() {
        long used = 0;
        for (Map.Entry<LinuxSandbox, Kept> entry : List.copyOf(kept.entrySet())) {
            Reading now = Reading.of(entry.getKey().cpuMicros());
            used += now.usedMicros(entry.getValue().reading());
            keepOrFree(entry.getKey(), entry.getValue(), now);
        }
        return used;
    }

    private void keepOrFree(LinuxSandbox sandbox, Kept before, Reading now) {
        Reading then = before.reading();
        int calm = ProcessorPolicy.isCalm(now.usedMicros(then), now.tookMicros(then)) ? before.calmLooks() + 1 : 0;
        if (!sandboxes.contains(sandbox)) {
            kept.remove(sandbox);
        } else if (calm >= ProcessorPolicy.CALM_LOOKS) {
            kept.remove(sandbox);
            move(sandbox, before.processors(), all, TimeSlice.ORDINARY);
        } else {
            // One that found no room may find some now.
            BitSet processors = before.processors().equals(all) ? choose(sandbox) : before.processors();
            boolean moves = before.isDue(looks) || !processors.equals(before.processors());
            int threads = moves ? keep(sandbox, processors) : before.threads();
            kept.put(sandbox, new Kept(processors, now, calm, threads));
        }
    }

    private void lookAtOthers() {
        if (!next.hasNext()) {
            readings.keySet().retainAll(sandboxes);
            next = sandboxes.iterator();
        }
        for (int i = 0; i < READ_MAX && next.hasNext(); i++) {
            LinuxSandbox sandbox = next.next();
            if (!kept.containsKey(sandbox) && !sandbox.isFrozen()) {
                lookAt(sandbox);
            }
        }
    }

    private void lookAt(LinuxSandbox sandbox) {
        Reading now = Reading.of(sandbox.cpuMicros());
        Reading then = readings.put(sandbox, now);
        if (then == null || !ProcessorPolicy.isHeavy(now.usedMicros(then), now.tookMicros(then))) {
            return;
        }
        BitSet chosen = choose(sandbox);
        readings.remove(sandbox);
        kept.put(sandbox, new Kept(chosen, now, 0, keep(sandbox, chosen)));
        LOG.debugf("sandbox computes without a pause, kept to processors %s instanceId=%s", chosen, sandbox.id());
    }

    private BitSet choose(LinuxSandbox sandbox) {
        List<ProcessorPolicy.Kept> others = kept.entrySet().stream()
                .filter(entry -> !entry.getValue().processors().equals(all))
                .map(entry -> new ProcessorPolicy.Kept(
                        millicores(entry.getKey()), entry.getValue().processors()))
                .toList();
        return ProcessorPolicy.choose(millicores(sandbox), all, others);
    }

    private static int millicores(LinuxSandbox sandbox) {
        return sandbox.spec().limits().cpuMillicores();
    }

    private int keep(LinuxSandbox sandbox, BitSet processors) {
        return move(sandbox, processors, processors, ProcessorPolicy.LONG_SLICE_NANOS);
    }

    /**
     * Puts all threads on other processors, unless they were on all and stay there, and changes their slices.
     *
     * @return how many threads it has
     */
    private int move(LinuxSandbox sandbox, BitSet before, BitSet processors, long sliceNanos) {
        List<Long> threads = sandbox.threads();
        for (long id : threads) {
            if (!before.equals(all)) {
                affinity.set(id, processors);
            }
            slices.set(id, sliceNanos);
        }
        return threads.size();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
