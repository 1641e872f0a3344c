package dev.wisp.node.linux.seccomp;

import dev.wisp.node.linux.Architecture;
import dev.wisp.node.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a filter program of the rules: numbers with one verdict are put together to ranges, and the ranges are searched as a binary tree. The kernel
 * walks the filter once for every number when it is installed, so depth counts, and compiles it, so length counts: about 7 steps and 100
 * instructions, where a list has 300 and 364.
 */
final class FilterAssembler {

    /** One instruction; jumps are relative. */
    record Instruction(int code, int ifTrue, int ifFalse, int value) {}

    /** A run of numbers with one verdict. */
    private record Range(int first, Verdict verdict) {}

    private static final int LOAD = 0x20;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_AT_LEAST = 0x35;
    private static final int JUMP_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    private static final int OFFSET_NUMBER = 0;
    private static final int OFFSET_ARCHITECTURE = 4;
    private static final int OFFSET_ARGUMENTS = 16;

    private static final int ACTION_ALLOW = 0x7fff0000;
    private static final int ACTION_ERRNO = 0x00050000;

    private FilterAssembler() {}

    static List<Instruction> assemble(SyscallRules rules) {
        return assemble(rules, Architecture.current());
    }

    static List<Instruction> assemble(SyscallRules rules, Architecture architecture) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction(LOAD, 0, 0, OFFSET_ARCHITECTURE));
        program.add(new Instruction(JUMP_EQUAL, 1, 0, architecture.auditName()));
        program.add(refuse(Errno.EPERM));
        program.add(new Instruction(LOAD, 0, 0, OFFSET_NUMBER));
        if (architecture.foreignCallsFrom() != 0) {
            program.add(new Instruction(JUMP_AT_LEAST, 0, 1, architecture.foreignCallsFrom()));
            program.add(refuse(Errno.EPERM));
        }
        program.addAll(tree(ranges(rules)));
        return program;
    }

    /** For a filter that is installed on top of another: what comes by another way in, where numbers mean other calls, it leaves to that one. */
    static List<Instruction> assembleOnTop(SyscallRules rules) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction(LOAD, 0, 0, OFFSET_ARCHITECTURE));
        program.add(new Instruction(JUMP_EQUAL, 1, 0, Architecture.current().auditName()));
        program.add(allow());
        program.add(new Instruction(LOAD, 0, 0, OFFSET_NUMBER));
        program.addAll(tree(ranges(rules)));
        return program;
    }

    private static List<Range> ranges(SyscallRules rules) {
        List<Range> ranges = new ArrayList<>();
        for (Map.Entry<Integer, Verdict> entry : rules.verdicts().entrySet()) {
            add(ranges, entry.getKey(), entry.getValue());
        }
        add(ranges, rules.verdicts().lastKey() + 1, rules.beyond());
        return ranges;
    }

    private static void add(List<Range> ranges, int first, Verdict verdict) {
        if (ranges.isEmpty() || !ranges.getLast().verdict().equals(verdict)) {
            ranges.add(new Range(first, verdict));
        }
    }

    private static List<Instruction> tree(List<Range> ranges) {
        if (ranges.size() == 1) {
            return leaf(ranges.getFirst().verdict());
        }
        int middle = ranges.size() / 2;
        List<Instruction> lower = tree(ranges.subList(0, middle));
        List<Instruction> upper = tree(ranges.subList(middle, ranges.size()));
        List<Instruction> both = new ArrayList<>(lower.size() + upper.size() + 1);
        both.add(new Instruction(
                JUMP_AT_LEAST, distance(lower.size()), 0, ranges.get(middle).first()));
        both.addAll(lower);
        both.addAll(upper);
        return both;
    }

    private static List<Instruction> leaf(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow _ -> List.of(allow());
            case Verdict.Refuse refusal -> List.of(refuse(refusal.errno()));
            case Verdict.AllowWhen when -> conditions(when);
        };
    }

    private static List<Instruction> conditions(Verdict.AllowWhen when) {
        List<Instruction> rest = new ArrayList<>(List.of(refuse(when.errno())));
        for (Verdict.Condition condition : when.alternatives().reversed()) {
            rest = condition(condition, rest);
        }
        return rest;
    }

    /** Allows when every test holds, else goes on with what follows. */
    private static List<Instruction> condition(Verdict.Condition condition, List<Instruction> otherwise) {
        List<Instruction> code = new ArrayList<>(List.of(allow()));
        for (Verdict.Test test : condition.tests().reversed()) {
            code = test(test, code);
        }
        code.addAll(otherwise);
        return code;
    }

    /** Runs the code when the test holds, else jumps behind it. */
    private static List<Instruction> test(Verdict.Test test, List<Instruction> code) {
        List<Instruction> all = new ArrayList<>();
        all.add(new Instruction(LOAD, 0, 0, OFFSET_ARGUMENTS + 8 * test.argument()));
        switch (test) {
            case Verdict.Test.Without without ->
                all.add(new Instruction(JUMP_ANY_BIT, distance(code.size()), 0, without.bits()));
            case Verdict.Test.In in -> {
                List<Integer> values = in.values();
                for (int i = 0; i < values.size(); i++) {
                    int toCode = values.size() - 1 - i;
                    boolean last = toCode == 0;
                    all.add(new Instruction(JUMP_EQUAL, toCode, last ? distance(code.size()) : 0, values.get(i)));
                }
            }
        }
        all.addAll(code);
        return all;
    }

    private static Instruction allow() {
        return new Instruction(RETURN, 0, 0, ACTION_ALLOW);
    }

    private static Instruction refuse(int errno) {
        return new Instruction(RETURN, 0, 0, ACTION_ERRNO | errno);
    }

    private static int distance(int instructions) {
        if (instructions > 255) {
            throw new IllegalStateException("instructions=%d, a jump reaches 255".formatted(instructions));
        }
        return instructions;
    }
}
