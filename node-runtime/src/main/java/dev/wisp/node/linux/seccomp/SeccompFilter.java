package dev.wisp.node.linux.seccomp;

import dev.wisp.node.linux.Architecture;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.NativeMemory;
import dev.wisp.node.linux.Syscall;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The filter as the kernel takes it, assembled once and kept in memory that children share. It comes in two, because installing costs as much as the filter is
 * long: nearly all of it is on the thread that makes the children, which inherit it, and what the making of a sandbox still needs is taken away at its end. The kernel
 * asks both and the stricter answer counts, so that together they are the written policy.
 */
public final class SeccompFilter implements AutoCloseable {

    private static final int INSTRUCTION_BYTES = 8;
    private static final int HEADER_BYTES = 16;

    /** What the policy refuses, and cloning, furnishing or starting a sandbox needs. */
    static final List<Syscall> NEEDED_UNTIL_THE_END = List.of(
            Syscall.CLONE3,
            Syscall.MOUNT,
            Syscall.MOVE_MOUNT,
            Syscall.UMOUNT2,
            Syscall.PIVOT_ROOT,
            Syscall.CHROOT,
            Syscall.SETHOSTNAME,
            Syscall.UNSHARE);

    private final Program early;
    private final Program last;
    private final Program lastWithChroot;

    /** Instructions in memory, behind the header that points to them. */
    private record Program(NativeMemory memory, int length) {

        static Program of(Kernel kernel, List<FilterAssembler.Instruction> instructions) {
            NativeMemory memory = kernel.map(HEADER_BYTES + (long) instructions.size() * INSTRUCTION_BYTES);
            memory.putShort(0, (short) instructions.size());
            memory.putLong(8, memory.address() + HEADER_BYTES);
            for (int i = 0; i < instructions.size(); i++) {
                memory.putLong(HEADER_BYTES + (long) i * INSTRUCTION_BYTES, word(instructions.get(i)));
            }
            return new Program(memory, instructions.size());
        }

        Named argument() {
            return new Named("{len=" + length + "}", memory.address());
        }
    }

    public SeccompFilter(Kernel kernel) {
        SyscallRules rules = SyscallRules.load();
        Set<Integer> late =
                NEEDED_UNTIL_THE_END.stream().map(kernel::number).collect(Collectors.toCollection(HashSet::new));
        this.early = Program.of(kernel, FilterAssembler.assemble(early(rules, late)));
        this.last = Program.of(kernel, FilterAssembler.assembleOnTop(last(rules, late)));
        late.remove(kernel.number(Syscall.CHROOT));
        this.lastWithChroot = Program.of(kernel, FilterAssembler.assembleOnTop(last(rules, late)));
    }

    /** The whole filter of an architecture, an instruction in eight bytes. */
    public static List<Long> encode(Architecture architecture) {
        return FilterAssembler.assemble(SyscallRules.load(architecture), architecture).stream()
                .map(SeccompFilter::word)
                .toList();
    }

    private static long word(FilterAssembler.Instruction instruction) {
        return instruction.code()
                | (long) instruction.ifTrue() << 16
                | (long) instruction.ifFalse() << 24
                | (long) instruction.value() << 32;
    }

    static SyscallRules early(SyscallRules rules, Set<Integer> late) {
        return rules.with(late, new Verdict.Allow());
    }

    static SyscallRules last(SyscallRules rules, Set<Integer> late) {
        return rules.only(late);
    }

    /** The argument that {@code seccomp} takes on the thread that makes the children. */
    public Named early() {
        return early.argument();
    }

    /** The argument that {@code seccomp} takes right before the entrypoint is executed. */
    public Named last() {
        return last.argument();
    }

    /** The same, but that chroot stays for the kernel to judge: for whom may hold CAP_SYS_CHROOT. */
    public Named lastWithChroot() {
        return lastWithChroot.argument();
    }

    @Override
    public void close() {
        early.memory().close();
        last.memory().close();
        lastWithChroot.memory().close();
    }
}
