package dev.wisp.node.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Slices on threads of this very process. */
final class TimeSliceIT {

    private static final long LONG_NANOS = 30_000_000;

    /** More than a kernel gives: {@code pid_max} is at most 2^22. */
    private static final long NO_THREAD = Integer.MAX_VALUE;

    private final TimeSlice slices = new TimeSlice(Kernel.load());

    @Test
    void isSetAndTakenBackAndLeavesTheNiceValueAlone() throws Exception {
        long own = Kernel.load().raw(Syscall.GETTID, 0, 0, 0);
        long ordinary = slices.of(own);
        assumeTrue(ordinary > 0, "this kernel lets nobody choose slices");
        String nice = niceOf(own);

        assertThat(slices.set(own, LONG_NANOS)).isTrue();
        assertThat(slices.of(own)).isEqualTo(LONG_NANOS);
        assertThat(niceOf(own)).isEqualTo(nice);
        assertThat(slices.set(own, TimeSlice.ORDINARY)).isTrue();
        assertThat(slices.of(own)).isEqualTo(ordinary);
    }

    @Test
    void threadThatIsNotThereHasNone() {
        assertThat(slices.set(NO_THREAD, LONG_NANOS)).isFalse();
        assertThat(slices.of(NO_THREAD)).isEqualTo(-1);
    }

    /** The nineteenth field, counted behind the name in brackets. */
    private static String niceOf(long thread) throws IOException {
        String stat = Files.readString(Path.of("/proc/self/task/" + thread + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16];
    }
}
