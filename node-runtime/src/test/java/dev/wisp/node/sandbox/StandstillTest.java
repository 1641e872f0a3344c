package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class StandstillTest {

    @Test
    void asksUntilEverythingStandsStill() {
        AtomicInteger asked = new AtomicInteger();

        assertThat(Standstill.await(Duration.ofSeconds(10), () -> asked.incrementAndGet() == 3))
                .isTrue();
        assertThat(asked).hasValue(3);
    }

    @Test
    void saysWhenSomethingRunsOn() {
        assertThat(Standstill.await(Duration.ofMillis(1), () -> false)).isFalse();
    }
}
