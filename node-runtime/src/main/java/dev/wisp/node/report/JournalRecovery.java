package dev.wisp.node.report;

import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import io.quarkus.logging.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what a former process left. One for one opening. */
final class JournalRecovery {

    private final Segments segments;
    private final Map<UUID, InvocationRecord> started = new HashMap<>();
    private long lastNumber;

    /** Puts what it finds behind what is there. */
    JournalRecovery(Segments segments) {
        this.segments = segments;
    }

    /** Returns the stand-ins of calls that never ended, which nobody has recorded as finished yet. Blocks for reading the files. */
    Deque<InvocationRecord> read(Path folder) throws IOException {
        for (Path file : JournalFiles.in(folder)) {
            lastNumber = Math.max(lastNumber, JournalFiles.number(file));
            Segment segment = Segment.open(file, JournalFiles.number(file));
            if (segment == null) {
                Files.delete(file);
            } else {
                segments.recovered(segment, read(segment));
            }
        }
        if (!started.isEmpty() || segments.pending() > 0) {
            Log.infof("journal: %d finished invocations to send, %d were cut off", segments.pending(), started.size());
        }
        segments.trim();
        return new ArrayDeque<>(started.values());
    }

    /** Of the newest file, 0 when there was none. */
    long lastNumber() {
        return lastNumber;
    }

    /** Returns how many records the broker does not have. */
    private long read(Segment segment) {
        long firstUnacked = segment.cursor();
        long pending = 0;
        long last = Segment.HEADER_BYTES;
        for (EntryFormat.Entry entry = segment.next(last); entry != null; entry = segment.next(entry.next())) {
            last = entry.next();
            if (isRecord(entry)) {
                pending += entry.offset() >= firstUnacked ? 1 : 0;
            }
        }
        if (pending > 0) {
            segment.redirty(last);
        }
        long damaged = segment.damagedBytes();
        if (damaged > 0) {
            Log.errorf("journal: segment %d has %d damaged bytes, which were passed over", segment.number(), damaged);
        }
        return pending;
    }

    /** Whether it is a record to send; follows which calls have ended. */
    private boolean isRecord(EntryFormat.Entry entry) {
        if (entry.kind() == EntryFormat.TIME) {
            return true;
        }
        InvocationRecord record = decode(entry);
        if (record == null) {
            return false;
        }
        if (entry.kind() == EntryFormat.STARTED) {
            started.put(record.invocationId(), record);
            return false;
        }
        started.remove(record.invocationId());
        return entry.kind() == EntryFormat.FINISHED;
    }

    private static @Nullable InvocationRecord decode(EntryFormat.Entry entry) {
        try {
            return InvocationCodec.decode(entry.payload().duplicate());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
