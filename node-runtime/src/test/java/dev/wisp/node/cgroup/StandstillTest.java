package dev.wisp.node.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class StandstillTest {

    @Test
    void asksUntilEverythingStandsStill() {
        AtomicInteger asked = new AtomicInteger();

        Standstill.await("freezer.state", Duration.ofSeconds(10), () -> asked.incrementAndGet() == 3);

        assertThat(asked).hasValue(3);
    }

    @Test
    void saysWhenSomethingRunsOn() {
        assertThatThrownBy(() -> Standstill.await("freezer.state", Duration.ofMillis(1), () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cgroup=freezer.state, not all of it stands still 1 ms after it was frozen");
    }
}
