package dev.wisp.node.linux;

import java.util.ArrayList;
import java.util.List;

/**
 * What a child does, as data: rows in order. It can be printed, compared and asserted on without a kernel; {@link Table} makes memory of it that a
 * child walks.
 */
public record SyscallProgram(List<Row> rows) {

    public SyscallProgram {
        rows = List.copyOf(rows);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The same calls, for the tables of all children. */
    public SyscallProgram fixed() {
        return new SyscallProgram(rows.stream()
                .map(row -> new Row(row.step(), row.call(), row.arguments(), row.onFailure(), row.gate(), true))
                .toList());
    }

    /** One line a row, numbered from zero. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append("%3d  ".formatted(i)).append(rows.get(i).text()).append('\n');
        }
        return text.toString();
    }

    /** Collects rows. Not thread-safe. */
    public static final class Builder {

        private final List<Row> rows = new ArrayList<>();

        private Builder() {}

        /** A call that must succeed. */
        public Builder call(String step, Syscall call, Argument... arguments) {
            return call(step, OnFailure.STOP, call, arguments);
        }

        public Builder call(String step, OnFailure onFailure, Syscall call, Argument... arguments) {
            rows.add(new Row(step, call, List.of(arguments), onFailure, false, false));
            return this;
        }

        /** Waits until the runtime has opened the gate. */
        public Builder gate(String step, SharedWord word) {
            rows.add(new Row(
                    step,
                    Syscall.FUTEX,
                    List.of(Argument.word(word), Named.FUTEX_WAIT, Named.NONE, Named.NONE),
                    OnFailure.GO_ON,
                    true,
                    false));
            return this;
        }

        /** Sets a word to one and wakes who waits for it. The operation is FUTEX_OP_SET of 1, compared with nothing. */
        public Builder signal(String step, SharedWord word) {
            return call(
                    step,
                    Syscall.FUTEX,
                    Argument.word(word),
                    Named.FUTEX_WAKE_OP,
                    Named.of(1),
                    Named.NONE,
                    Argument.word(word),
                    new Named("SET 1", 1 << 12));
        }

        /** Appends the rows of another program, as they are. */
        public Builder then(SyscallProgram program) {
            rows.addAll(program.rows());
            return this;
        }

        public SyscallProgram build() {
            return new SyscallProgram(rows);
        }
    }
}
