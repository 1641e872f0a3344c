package dev.wisp.node.linux;

import java.util.BitSet;

/** Which processors a thread may run on. Thread-safe. */
public final class Affinity {

    /** As many processors as a kernel can be built for. */
    private static final int PROCESSORS_MAX = 8192;

    private static final int MASK_BYTES = PROCESSORS_MAX / Byte.SIZE;

    private final Kernel kernel;

    public Affinity(Kernel kernel) {
        this.kernel = kernel;
    }

    /** The processors of the calling thread, by number. */
    public BitSet own() {
        return kernel.scratch(scratch -> {
            long mask = scratch.reserve(MASK_BYTES);
            long length =
                    kernel.call("own processors", Syscall.SCHED_GETAFFINITY, 0, MASK_BYTES, scratch.address() + mask);
            return BitSet.valueOf(scratch.getBytes(mask, (int) length));
        });
    }

    /** Puts a thread on these processors; false when it has ended, or none of them is there for it. Threads it makes later have the same. */
    public boolean set(long thread, BitSet processors) {
        return kernel.scratch(scratch -> {
            byte[] mask = processors.toByteArray();
            byte[] words = new byte[(mask.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES];
            System.arraycopy(mask, 0, words, 0, mask.length);
            return kernel.raw(Syscall.SCHED_SETAFFINITY, thread, words.length, scratch.append(words)) == 0;
        });
    }
}
