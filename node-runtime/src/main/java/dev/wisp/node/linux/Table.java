package dev.wisp.node.linux;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program in memory, as {@link TableLayout} describes it, run by one child. Rows may be appended while the child waits at a gate that is the last
 * row so far. Owned by one thread at a time; the words and results may be read by any.
 */
public final class Table implements AutoCloseable {

    /** A usual start has about 190; what is not used is not backed by memory. */
    private static final int ROWS_MAX = 400;

    private static final int STACK_BYTES = 4096;
    private static final long STACK = TableLayout.HEADER_BYTES + (long) ROWS_MAX * TableLayout.ROW_BYTES;
    private static final long SIZE = (STACK + STACK_BYTES + 4095) & ~4095L;
    /** Strings of a usual program fit in one piece; a large environment gets one of its own. */
    private static final long PIECE_BYTES = 48 * 1024;

    /** Those of a usual program take a tenth of it; rows that find no room are written anew each time. */
    private static final long FIXED_BYTES = 32 * 1024;

    private static final long FIXED_ROW_BYTES_MAX = 1024;

    private static final long CLONE_ARGS_ROOM_BYTES = 256;

    private final Kernel kernel;
    private final NativeMemory memory;
    private final List<NativeMemory> pieces = new ArrayList<>();
    /** What fixed rows point to; stays as it is from one child to the next. */
    private final NativeMemory fixedPiece;

    private final List<Row> rows = new ArrayList<>();
    /** The fixed row that each place holds from an earlier child, null where it has held another since. */
    private final @Nullable Row[] written = new @Nullable Row[ROWS_MAX];
    /** Places below this were written once. */
    private int writtenRows;

    public Table(Kernel kernel) {
        this.kernel = kernel;
        this.memory = kernel.map(SIZE);
        // Not zero, so that a child which is not yet scheduled does not look as if it had ended.
        memory.putInt(TableLayout.TID_WORD, 1);
        pieces.add(kernel.map(PIECE_BYTES));
        this.fixedPiece = kernel.map(FIXED_BYTES);
    }

    /** How a row ended. */
    public record Failure(Row row, int errno, List<Result> results) {

        public Failure {
            results = List.copyOf(results);
        }

        /** {@code mount overlay: EACCES}. */
        public String text() {
            return row.step() + ": " + Errno.name(errno);
        }
    }

    /**
     * What a row returned.
     *
     * @param value result, negated errno when it failed
     * @param stamp counter of the processor when it returned, 0 when it has not
     */
    public record Result(Row row, long value, long stamp) {}

    /** Writes the rows behind those already there. */
    public void append(SyscallProgram program) {
        if (rows.size() + program.rows().size() > ROWS_MAX) {
            throw new IllegalStateException("rows=%d, a table has at most %d"
                    .formatted(rows.size() + program.rows().size(), ROWS_MAX));
        }
        for (Row row : program.rows()) {
            place(rows.size(), row);
            rows.add(row);
        }
    }

    /** A fixed row that is there already is left alone. The first one in a place is kept, whatever comes there afterwards is not: programs seldom differ. */
    @SuppressWarnings(
            "ReferenceEquality") // The same row, not one that says the same: comparing would take longer than writing.
    private void place(int index, Row row) {
        if (written[index] == row) {
            return;
        }
        boolean keep = row.fixed() && index >= writtenRows && fixedPiece.remaining() >= FIXED_ROW_BYTES_MAX;
        if (index < writtenRows) {
            memory.zero(offset(index), TableLayout.ROW_BYTES);
        }
        write(offset(index), row, keep ? fixedPiece : null);
        written[index] = keep ? row : null;
        writtenRows = Math.max(writtenRows, index + 1);
    }

    private static long offset(int index) {
        return TableLayout.HEADER_BYTES + (long) index * TableLayout.ROW_BYTES;
    }

    /** @param kept where what the row points to is kept, null for where it is cleared with the table */
    private void write(long offset, Row row, @Nullable NativeMemory kept) {
        memory.putLong(offset + TableLayout.NUMBER, kernel.architecture().number(row.call()));
        int flags = row.gate() ? TableLayout.FLAG_GATE : 0;
        List<Argument> arguments = row.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i) instanceof Argument.Previous) {
                flags |= TableLayout.FLAG_PREVIOUS;
            } else {
                memory.putLong(offset + TableLayout.ARGUMENTS + 8L * i, value(arguments.get(i), kept));
            }
        }
        memory.putInt(offset + TableLayout.FLAGS, flags);
        memory.putInt(offset + TableLayout.EXCUSED, row.onFailure().excusedErrno());
    }

    private long value(Argument argument, @Nullable NativeMemory kept) {
        return switch (argument) {
            case Named named -> named.value();
            case Argument.Text text ->
                room(text.value().length() * 3L + 16, kept).appendString(text.value());
            case Argument.Longs longs -> longs(longs.words(), kept);
            case Argument.Strings strings -> strings(strings.values(), kept);
            case Argument.Word word -> memory.address() + word.word().offset();
            case Argument.Previous _ -> 0;
        };
    }

    private long longs(List<Long> words, @Nullable NativeMemory kept) {
        NativeMemory room = room(8L * words.size() + 16, kept);
        long offset = room.reserve(8L * words.size());
        for (int i = 0; i < words.size(); i++) {
            room.putLong(offset + 8L * i, words.get(i));
        }
        return room.address() + offset;
    }

    private long strings(List<String> values, @Nullable NativeMemory kept) {
        long bytes =
                values.stream().mapToLong(value -> value.length() * 3L + 24).sum() + 16;
        NativeMemory room = room(bytes, kept);
        long array = room.reserve(8L * (values.size() + 1));
        for (int i = 0; i < values.size(); i++) {
            room.putLong(array + 8L * i, room.appendString(values.get(i)));
        }
        room.putLong(array + 8L * values.size(), 0);
        return room.address() + array;
    }

    private NativeMemory room(long bytes, @Nullable NativeMemory kept) {
        return kept == null ? room(bytes) : kept;
    }

    private NativeMemory room(long bytes) {
        if (pieces.getLast().remaining() < bytes) {
            pieces.add(kernel.map(Math.max(bytes, PIECE_BYTES)));
        }
        return pieces.getLast();
    }

    long address() {
        return memory.address();
    }

    long stackAddress() {
        return memory.address() + STACK;
    }

    int stackBytes() {
        return STACK_BYTES;
    }

    long pidfdAddress() {
        return memory.address() + TableLayout.PIDFD;
    }

    long tidAddress() {
        return memory.address() + TableLayout.TID_WORD;
    }

    int pidfd() {
        return memory.getInt(TableLayout.PIDFD);
    }

    /** Memory for the arguments of the clone call itself. */
    NativeMemory room() {
        return room(CLONE_ARGS_ROOM_BYTES);
    }

    /** Sets a word and wakes the child that waits on it. */
    public void open(SharedWord word) {
        // The child may run on a processor that sees the word before it sees the rows.
        VarHandle.releaseFence();
        memory.putInt(word.offset(), 1);
        kernel.raw(Syscall.FUTEX, memory.address() + word.offset(), Named.FUTEX_WAKE.value(), 1);
    }

    public boolean isSet(SharedWord word) {
        boolean isSet = memory.getInt(word.offset()) != 0;
        VarHandle.acquireFence();
        return isSet;
    }

    /** Waits until the word is set, at most so long; wakes early without reason now and then. */
    public void await(SharedWord word, long timeoutNanos) {
        waitWhile(word.offset(), 0, timeoutNanos);
    }

    /** Whether the child has executed a program or has ended: it no longer uses this memory. */
    public boolean isLeft() {
        boolean isLeft = memory.getInt(TableLayout.TID_WORD) == 0;
        VarHandle.acquireFence();
        return isLeft;
    }

    /** Waits until the child has executed a program or has ended, at most so long. */
    public void awaitLeft(long timeoutNanos) {
        int tid = memory.getInt(TableLayout.TID_WORD);
        if (tid != 0) {
            waitWhile(TableLayout.TID_WORD, tid, timeoutNanos);
        }
    }

    private void waitWhile(int offset, int value, long timeoutNanos) {
        kernel.scratch(scratch -> {
            long timeout = scratch.reserve(16);
            scratch.putLong(timeout, timeoutNanos / 1_000_000_000L);
            scratch.putLong(timeout + 8, timeoutNanos % 1_000_000_000L);
            return kernel.raw(
                    Syscall.FUTEX,
                    memory.address() + offset,
                    Named.FUTEX_WAIT.value(),
                    value,
                    scratch.address() + timeout,
                    0,
                    0);
        });
    }

    /** The row that stopped the child, or null. */
    public @Nullable Failure failure() {
        long row = memory.getLong(TableLayout.FAILED_ROW);
        if (row == 0) {
            return null;
        }
        int index = (int) ((row - memory.address() - TableLayout.HEADER_BYTES) / TableLayout.ROW_BYTES);
        return new Failure(rows.get(index), (int) -result(index, TableLayout.RESULT), results());
    }

    /** Every row with what it returned so far. */
    public List<Result> results() {
        List<Result> results = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            results.add(new Result(rows.get(i), result(i, TableLayout.RESULT), result(i, TableLayout.STAMP)));
        }
        return results;
    }

    private long result(int index, int field) {
        return memory.getLong(offset(index) + field);
    }

    /**
     * Makes it as new, for the next child; only when {@link #isLeft()}. Mapping and unmapping instead would hold the lock of the address space that every
     * child shares, and make all processors forget what they know of it.
     */
    public void clear() {
        memory.zero(0, TableLayout.HEADER_BYTES);
        memory.putInt(TableLayout.TID_WORD, 1);
        for (int i = 0; i < rows.size(); i++) {
            memory.putLong(offset(i) + TableLayout.RESULT, 0);
            memory.putLong(offset(i) + TableLayout.STAMP, 0);
        }
        pieces.subList(1, pieces.size()).forEach(NativeMemory::close);
        pieces.subList(1, pieces.size()).clear();
        pieces.getFirst().clear();
        rows.clear();
    }

    /** Frees the memory; only when {@link #isLeft()}, or the child runs into unmapped pages. */
    @Override
    public void close() {
        pieces.forEach(NativeMemory::close);
        pieces.clear();
        rows.clear();
        fixedPiece.close();
        memory.close();
    }
}
