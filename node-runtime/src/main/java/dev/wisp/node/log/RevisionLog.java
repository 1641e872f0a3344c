package dev.wisp.node.log;

import dev.wisp.node.sandbox.OutputSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The newest lines of one revision, oldest dropped first. Thread-safe. */
final class RevisionLog {

    private final LogLimits limits;
    private final Deque<LogLine> lines = new ArrayDeque<>();
    private final List<LogFollower> followers = new ArrayList<>();
    private long bytes;
    private long lastAtMicros;

    RevisionLog(LogLimits limits) {
        this.limits = limits;
    }

    /** Keeps a line and tells it to whoever follows; returns by how many bytes the log grew, which may be negative. */
    synchronized long append(String instanceId, OutputSink.Stream stream, long atMicros, byte[] text) {
        LogLine line = new LogLine(atMicros, instanceId, stream, text);
        long before = bytes;
        lines.addLast(line);
        bytes += line.size();
        lastAtMicros = atMicros;
        while (bytes > limits.revisionBytesMax() || lines.size() > limits.revisionLinesMax()) {
            dropFirst();
        }
        followers.forEach(follower -> follower.offer(line));
        return bytes - before;
    }

    /** The newest lines, oldest first. */
    synchronized List<LogLine> tail(int linesMax) {
        List<LogLine> tail = new ArrayList<>(Math.min(linesMax, lines.size()));
        int skip = lines.size() - Math.min(linesMax, lines.size());
        for (LogLine line : lines) {
            if (skip-- <= 0) {
                tail.add(line);
            }
        }
        return tail;
    }

    /** Drops everything kept; returns how many bytes that were. */
    synchronized long clear() {
        long freed = bytes;
        lines.clear();
        bytes = 0;
        return freed;
    }

    synchronized long lastAtMicros() {
        return lastAtMicros;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** Tells the newest lines and then every new one. */
    synchronized void follow(int tail, LogFollower follower) {
        tail(tail).forEach(follower::offer);
        followers.add(follower);
    }

    synchronized void unfollow(LogFollower follower) {
        followers.remove(follower);
    }

    private void dropFirst() {
        bytes -= lines.removeFirst().size();
    }
}
