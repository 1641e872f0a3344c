package dev.wisp.node.linux.seccomp;

import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.NativeMemory;
import java.util.List;

/** The filter as the kernel takes it, assembled once and kept in memory that children share. */
public final class SeccompFilter implements AutoCloseable {

    private static final int INSTRUCTION_BYTES = 8;
    private static final int HEADER_BYTES = 16;

    private final NativeMemory memory;
    private final int length;

    public SeccompFilter(Kernel kernel) {
        List<FilterAssembler.Instruction> program = FilterAssembler.assemble(SyscallRules.load());
        this.length = program.size();
        this.memory = kernel.map(HEADER_BYTES + (long) length * INSTRUCTION_BYTES);
        memory.putShort(0, (short) length);
        memory.putLong(8, memory.address() + HEADER_BYTES);
        for (int i = 0; i < length; i++) {
            put(HEADER_BYTES + (long) i * INSTRUCTION_BYTES, program.get(i));
        }
    }

    private void put(long offset, FilterAssembler.Instruction instruction) {
        memory.putLong(
                offset,
                instruction.code()
                        | (long) instruction.ifTrue() << 16
                        | (long) instruction.ifFalse() << 24
                        | (long) instruction.value() << 32);
    }

    /** The argument that {@code seccomp} takes. */
    public Named argument() {
        return new Named("{len=" + length + "}", memory.address());
    }

    @Override
    public void close() {
        memory.close();
    }
}
