package dev.wisp.node.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls that have started and not ended, and the room that is set aside for their ends. Guarded by the journal's lock. */
final class OpenCalls {

    private final Map<UUID, OpenCall> calls = new HashMap<>();
    private long reservedBytes;

    /**
     * A started call.
     *
     * @param segment where its entry is
     * @param offset of its entry
     * @param entryBytes what its end will take
     */
    record OpenCall(UUID id, Segment segment, long offset, int entryBytes) {}

    void started(OpenCall call) {
        calls.put(call.id(), call);
        call.segment().opened();
        reservedBytes += call.entryBytes();
    }

    /** It is open no more, and no room is set aside for it; null when it was not open. The caller tells its segment, last of all. */
    @Nullable
    OpenCall remove(UUID id) {
        OpenCall call = calls.remove(id);
        if (call != null) {
            reservedBytes -= call.entryBytes();
        }
        return call;
    }

    /** Its entry is there now. */
    void moved(OpenCall call, Segment segment, long offset) {
        segment.opened();
        call.segment().closed();
        calls.put(call.id(), new OpenCall(call.id(), segment, offset, call.entryBytes()));
    }

    List<OpenCall> in(Segment segment) {
        return calls.values().stream().filter(call -> call.segment() == segment).toList();
    }

    long reservedBytes() {
        return reservedBytes;
    }
}
