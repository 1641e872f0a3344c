package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.node.fake.IdleSandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

final class FreezerTest {

    private final AtomicLong clock = new AtomicLong(1_000);
    private final Freezer freezer = new Freezer(clock::get);
    private final Recorder sandbox = new Recorder();

    @Test
    void freezesOnceAndThawsOnce() {
        freezer.freeze(sandbox, () -> true);
        freezer.freeze(sandbox, () -> true);
        freezer.thaw(sandbox);
        freezer.thaw(sandbox);

        assertThat(sandbox.calls).containsExactly("freeze", "thaw");
        assertThat(freezer.isFrozen()).isFalse();
    }

    @Test
    void leavesWhatIsNeededMeanwhileAlone() {
        freezer.freeze(sandbox, () -> false);

        assertThat(sandbox.calls).isEmpty();
        assertThat(freezer.isFrozen()).isFalse();
        assertThat(freezer.frozenNanos()).isZero();
    }

    /** Whoever comes while it is being decided sees the flag, waits, and finds it thawed or never frozen. */
    @Test
    void showsThatItMayBeFrozenBeforeItLooksForRequests() {
        freezer.freeze(sandbox, freezer::isFrozen);

        assertThat(sandbox.calls).containsExactly("freeze");
    }

    @Test
    void knowsForHowLongItWasFrozen() {
        freezer.freeze(sandbox, () -> true);
        clock.addAndGet(500);
        long inTheMiddle = freezer.frozenNanos();
        freezer.thaw(sandbox);
        clock.addAndGet(10_000);
        freezer.freeze(sandbox, () -> true);
        clock.addAndGet(70);

        assertThat(inTheMiddle).isEqualTo(500);
        assertThat(freezer.frozenNanos()).isEqualTo(570);
    }

    @Test
    void hasNothingToFreezeBeforeThereIsASandbox() {
        freezer.freeze(null, () -> true);

        assertThat(freezer.isFrozen()).isFalse();
    }

    @Test
    void whatDoesNotStandStillIsNotFrozen() {
        sandbox.whileItIsAwaited = () -> {
            clock.addAndGet(500);
            return false;
        };

        assertThatThrownBy(() -> freezer.freeze(sandbox, () -> true))
                .hasMessage("not all of it stands still after PT1S");

        assertThat(sandbox.calls).containsExactly("freeze", "thaw");
        assertThat(freezer.isFrozen()).isFalse();
        assertThat(freezer.frozenNanos()).isZero();
    }

    @Test
    void whoeverComesWhileItIsAwaitedDoesNotWait() {
        sandbox.whileItIsAwaited = () -> {
            CompletableFuture.runAsync(() -> freezer.thaw(sandbox))
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
            return true;
        };

        freezer.freeze(sandbox, () -> true);

        assertThat(sandbox.calls).containsExactly("freeze", "thaw");
        assertThat(freezer.isFrozen()).isFalse();
    }

    /** Takes down what is asked of it. */
    private static final class Recorder extends IdleSandbox {

        private final List<String> calls = new ArrayList<>();
        private BooleanSupplier whileItIsAwaited = () -> true;

        Recorder() {
            super("recorder");
        }

        @Override
        public void freeze() {
            calls.add("freeze");
        }

        @Override
        public boolean standsStill(Duration patience) {
            return whileItIsAwaited.getAsBoolean();
        }

        @Override
        public void thaw() {
            calls.add("thaw");
        }

        @Override
        public void stop(Duration grace) {
            calls.add("stop");
        }
    }
}
