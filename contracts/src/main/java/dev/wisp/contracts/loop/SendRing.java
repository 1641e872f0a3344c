package dev.wisp.contracts.loop;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Sends to many sockets in one system call, by io_uring (<a href="https://kernel.dk/io_uring.pdf">its design</a>; layouts as in
 * {@code linux/io_uring.h}). No send ever waits: what a socket does not take at once is its result. So all are complete when the call
 * returns, and buffers belong to the caller again. Confined to the thread that opened it.
 */
final class SendRing implements AutoCloseable {

    /** Sends of one submission at most. */
    static final int CAPACITY = 256;

    /** Buffers of one send at most. */
    static final int BUFFERS_MAX = 4;

    /** Result of a send that the kernel did not even take; the socket was not asked. */
    static final int NOT_TAKEN = Integer.MIN_VALUE;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final VarHandle WORD = INT.varHandle();

    private static final int COMPLETIONS = 2 * CAPACITY;
    private static final int ENTRY_BYTES = 64;
    private static final int COMPLETION_BYTES = 16;
    private static final long ENTRIES_OFFSET = 0x1000_0000L;

    private static final int PARAMETER_BYTES = 120;
    private static final int PARAMETER_FLAGS = 8;
    private static final int SUBMISSION_TAIL = 44;
    private static final int SUBMISSION_ARRAY = 64;
    private static final int COMPLETION_HEAD = 80;
    private static final int COMPLETION_TAIL = 84;
    private static final int COMPLETION_ENTRIES = 100;

    /** One thread submits, and nothing is done for the ring but when it enters: Linux 6.1. */
    private static final int SINGLE_ISSUER_AND_DEFERRED = 1 << 12 | 1 << 13;

    private static final int OPERATION_SENDMSG = 9;
    private static final int OPERATION_SEND = 26;

    /** Neither waits nor raises a signal. */
    private static final int DONTWAIT_NOSIGNAL = 0x40 | 0x4000;

    /** A {@code struct msghdr} with its {@code struct iovec}s. */
    private static final int VECTORS = 56;

    private static final int MESSAGE_BYTES = VECTORS + BUFFERS_MAX * 16;

    private final int descriptor;
    private final MemorySegment rings;
    private final MemorySegment entries;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment messages = arena.allocate((long) CAPACITY * MESSAGE_BYTES, Long.BYTES);
    private final long submissionTail;
    private final long completionHead;
    private final long completionTail;
    private final long completions;
    private int tail;
    private int added;

    private SendRing(int descriptor, MemorySegment rings, MemorySegment entries, MemorySegment parameters) {
        this.descriptor = descriptor;
        this.rings = rings;
        this.entries = entries;
        this.submissionTail = parameters.get(INT, SUBMISSION_TAIL);
        this.completionHead = parameters.get(INT, COMPLETION_HEAD);
        this.completionTail = parameters.get(INT, COMPLETION_TAIL);
        this.completions = parameters.get(INT, COMPLETION_ENTRIES);
        int array = parameters.get(INT, SUBMISSION_ARRAY);
        for (int at = 0; at < CAPACITY; at++) {
            rings.set(INT, array + (long) at * Integer.BYTES, at);
        }
    }

    /** Null where the kernel has no io_uring or does not allow it ({@code kernel.io_uring_disabled}, a filter of system calls). */
    static @Nullable SendRing open() {
        SendRing best = open(SINGLE_ISSUER_AND_DEFERRED);
        return best == null ? open(0) : best;
    }

    private static @Nullable SendRing open(int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = arena.allocate(PARAMETER_BYTES, Long.BYTES);
            parameters.set(INT, PARAMETER_FLAGS, flags);
            int descriptor = RingCalls.setup(CAPACITY, parameters);
            if (descriptor < 0) {
                return null;
            }
            long bytes = Math.max(
                    parameters.get(INT, SUBMISSION_ARRAY) + (long) CAPACITY * Integer.BYTES,
                    parameters.get(INT, COMPLETION_ENTRIES) + (long) COMPLETIONS * COMPLETION_BYTES);
            MemorySegment rings = RingCalls.map(descriptor, bytes, 0);
            MemorySegment entries = RingCalls.map(descriptor, (long) CAPACITY * ENTRY_BYTES, ENTRIES_OFFSET);
            if (rings.byteSize() == 0 || entries.byteSize() == 0) {
                release(descriptor, rings, entries);
                return null;
            }
            return new SendRing(descriptor, rings, entries, parameters);
        }
    }

    /** Adds a send; there is room for {@link #CAPACITY}. The buffers have memory addresses and stay as they are until it is submitted. */
    void add(int socket, @Nullable ByteBuf[] buffers, int count) {
        if (added == CAPACITY) {
            throw new IllegalStateException("full");
        }
        ByteBuf first = buffers[0];
        if (count == 1 && first != null) {
            entry(OPERATION_SEND, socket, first.memoryAddress() + first.readerIndex(), first.readableBytes());
        } else {
            entry(OPERATION_SENDMSG, socket, message(buffers, count), 1);
        }
        tail++;
        added++;
    }

    private void entry(int operation, int socket, long address, int length) {
        long at = (long) (tail & CAPACITY - 1) * ENTRY_BYTES;
        entries.set(LONG, at, operation | (long) socket << 32);
        entries.set(LONG, at + 8, 0);
        entries.set(LONG, at + 16, address);
        entries.set(INT, at + 24, length);
        entries.set(INT, at + 28, DONTWAIT_NOSIGNAL);
        entries.set(LONG, at + 32, added);
    }

    private long message(@Nullable ByteBuf[] buffers, int count) {
        long at = (long) added * MESSAGE_BYTES;
        for (int i = 0; i < count; i++) {
            ByteBuf buffer = buffers[i];
            if (buffer != null) {
                messages.set(LONG, at + VECTORS + i * 16L, buffer.memoryAddress() + buffer.readerIndex());
                messages.set(LONG, at + VECTORS + i * 16L + 8, buffer.readableBytes());
            }
        }
        messages.set(LONG, at + 16, messages.address() + at + VECTORS);
        messages.set(LONG, at + 24, count);
        return messages.address() + at;
    }

    /**
     * Makes all sends that were added and puts their results down in that order: bytes sent, {@link #NOT_TAKEN}, or a negated error number.
     *
     * @throws IllegalStateException if results are missing, so that nobody knows what was sent; the ring is of no use any more
     */
    void submit(int[] results) {
        int count = added;
        added = 0;
        WORD.setRelease(rings, submissionTail, tail);
        int taken = Math.max(0, RingCalls.enter(descriptor, count));
        for (int at = taken; at < count; at++) {
            results[at] = NOT_TAKEN;
        }
        // What the kernel did not take, it has not seen.
        tail -= count - taken;
        WORD.setRelease(rings, submissionTail, tail);
        int complete = complete(results);
        if (complete != taken) {
            throw new IllegalStateException("%d of %d sends are complete".formatted(complete, taken));
        }
    }

    private int complete(int[] results) {
        int head = rings.get(INT, completionHead);
        int end = (int) WORD.getAcquire(rings, completionTail);
        for (int next = head; next != end; next++) {
            long at = completions + (long) (next & COMPLETIONS - 1) * COMPLETION_BYTES;
            results[rings.get(INT, at)] = rings.get(INT, at + 8);
        }
        WORD.setRelease(rings, completionHead, end);
        return end - head;
    }

    @Override
    public void close() {
        release(descriptor, rings, entries);
        arena.close();
    }

    private static void release(int descriptor, MemorySegment... mapped) {
        for (MemorySegment memory : mapped) {
            if (memory.byteSize() > 0) {
                RingCalls.unmap(memory);
            }
        }
        RingCalls.close(descriptor);
    }
}
