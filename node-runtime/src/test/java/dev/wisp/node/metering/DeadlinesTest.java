package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Deadlines deadlines = new Deadlines(loop, System::nanoTime);
    private final List<Limit> passed = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        loop.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);
    }

    @Test
    void tellsEachLimitOnceAndNotBeforeItsTime() throws Exception {
        RandomGenerator random = new Random(1);
        List<Limit> limits = new ArrayList<>();
        loop.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        // Past the wheel's turn too.
                        Limit limit = new Limit(random.nextLong(128 * Deadlines.TICK_MILLIS + 500));
                        limits.add(limit);
                        deadlines.set(limit, limit.millis);
                    }
                })
                .get();

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> passed.size() >= 500);

        assertThat(passed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(limits);
        assertThat(passed).allMatch(limit -> limit.tookMillis >= limit.millis);
    }

    @Test
    void saysNothingOfALimitThatWasLifted() throws Exception {
        Limit lifted = new Limit(30);
        Limit kept = new Limit(60);
        loop.submit(() -> {
                    deadlines.set(lifted, 30);
                    deadlines.set(kept, 60);
                    deadlines.lift(lifted);
                    deadlines.lift(lifted);
                })
                .get();

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !passed.isEmpty());

        assertThat(passed).containsExactly(kept);
    }

    private final class Limit extends Deadlines.Deadline {
        private final long millis;
        private final long setNanos = System.nanoTime();
        private long tookMillis;

        Limit(long millis) {
            this.millis = millis;
        }

        @Override
        void passed() {
            tookMillis = (System.nanoTime() - setNanos) / 1_000_000;
            passed.add(this);
        }
    }
}
