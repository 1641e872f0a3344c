package dev.wisp.node.linux.seccomp;

import dev.wisp.node.linux.seccomp.FilterAssembler.Instruction;
import java.util.List;

/** Walks a filter as the kernel does. */
final class FilterWalk {

    static final int ALLOW = 0x7fff0000;
    static final int X86_64 = 0xc000003e;

    /** What it returned after how many instructions. */
    record End(int action, int steps) {}

    private FilterWalk() {}

    static boolean allows(List<Instruction> filter, int number, int... arguments) {
        return walk(filter, X86_64, number, arguments).action() == ALLOW;
    }

    static End walk(List<Instruction> filter, int architecture, int number, int... arguments) {
        int accumulator = 0;
        int at = 0;
        for (int steps = 1; ; steps++) {
            Instruction instruction = filter.get(at);
            at++;
            int value = instruction.value();
            switch (instruction.code()) {
                case 0x20 -> accumulator = load(value, architecture, number, arguments);
                case 0x15 -> at += accumulator == value ? instruction.ifTrue() : instruction.ifFalse();
                case 0x35 ->
                    at += Integer.compareUnsigned(accumulator, value) >= 0
                            ? instruction.ifTrue()
                            : instruction.ifFalse();
                case 0x45 -> at += (accumulator & value) != 0 ? instruction.ifTrue() : instruction.ifFalse();
                case 0x06 -> {
                    return new End(value, steps);
                }
                default -> throw new AssertionError("code " + instruction.code());
            }
        }
    }

    private static int load(int offset, int architecture, int number, int... arguments) {
        return switch (offset) {
            case 0 -> number;
            case 4 -> architecture;
            default -> (offset - 16) / 8 < arguments.length ? arguments[(offset - 16) / 8] : 0;
        };
    }
}
