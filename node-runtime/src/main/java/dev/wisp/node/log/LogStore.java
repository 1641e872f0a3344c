package dev.wisp.node.log;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.node.sandbox.OutputSink;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Output of every revision of this node. Thread-safe. */
public final class LogStore {

    private final LogLimits limits;
    private final Map<RevisionId, RevisionLog> logs = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger followers = new AtomicInteger();

    public LogStore(LogLimits limits) {
        this.limits = limits;
    }

    /** Where an instance's output goes. */
    public OutputSink sink(RevisionId revision, String instanceId) {
        return (stream, atMicros, text) -> append(revision, instanceId, stream, atMicros, text);
    }

    /** The newest lines of one instance as they are shown, oldest first. */
    public List<String> tail(RevisionId revision, String instanceId, int linesMax) {
        RevisionLog log = logs.get(revision);
        if (log == null) {
            return List.of();
        }
        List<String> own = log.tail(limits.revisionLinesMax()).stream()
                .filter(line -> line.instanceId().equals(instanceId))
                .map(LogLine::text)
                .toList();
        return own.subList(Math.max(0, own.size() - linesMax), own.size());
    }

    /** The newest lines of a revision as they are printed, oldest first. */
    public List<String> tail(RevisionId revision, int linesMax) {
        RevisionLog log = logs.get(revision);
        return log == null
                ? List.of()
                : log.tail(linesMax).stream().map(LogLine::print).toList();
    }

    /**
     * Hands the reader the newest lines and then every new one, on the thread that carries the output; none is missed or told twice.
     *
     * @return to end it; null when there are too many readers
     */
    public @Nullable Runnable follow(RevisionId revision, int tail, Consumer<String> reader) {
        if (followers.incrementAndGet() > limits.followersMax()) {
            followers.decrementAndGet();
            return null;
        }
        RevisionLog log = log(revision);
        LogFollower follower = line -> reader.accept(line.print());
        log.follow(tail, follower);
        AtomicBoolean ended = new AtomicBoolean();
        return () -> {
            if (ended.compareAndSet(false, true)) {
                followers.decrementAndGet();
                log.unfollow(follower);
            }
        };
    }

    /** Lines that may wait for one live reader. */
    public int followerLinesMax() {
        return limits.followerLinesMax();
    }

    /** Revisions with output, newest output first. */
    public List<RevisionId> revisions() {
        return logs.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<RevisionId, RevisionLog> entry) ->
                                entry.getValue().lastAtMicros())
                        .reversed())
                .map(Map.Entry::getKey)
                .toList();
    }

    private void append(RevisionId revision, String instanceId, OutputSink.Stream stream, long atMicros, byte[] text) {
        long grown = log(revision).append(instanceId, stream, atMicros, text);
        if (bytes.addAndGet(grown) > limits.nodeBytesMax()) {
            dropSilent(revision);
        }
    }

    private RevisionLog log(RevisionId revision) {
        return logs.computeIfAbsent(revision, id -> new RevisionLog(limits));
    }

    /** Makes room at the cost of whoever was silent longest, never of whoever writes now. */
    private synchronized void dropSilent(RevisionId writer) {
        while (bytes.get() > limits.nodeBytesMax()) {
            RevisionLog silent = logs.entrySet().stream()
                    .filter(entry ->
                            !entry.getKey().equals(writer) && entry.getValue().bytes() > 0)
                    .map(Map.Entry::getValue)
                    .min(Comparator.comparingLong(RevisionLog::lastAtMicros))
                    .orElse(null);
            if (silent == null) {
                return;
            }
            bytes.addAndGet(-silent.clear());
        }
    }
}
