package dev.wisp.autoscaler.keepalive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.keepalive.HoldWindows.Window;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class HoldWindowsTest {

    private static final HoldWindows WINDOWS = new HoldWindows(List.of(new Window(0, 2), new Window(58, 62)));

    @Test
    void holdsWithinAWindowBothEndsIncluded() {
        assertThat(List.of(0.0, 2.0, 58.0, 60.0, 62.0)).allMatch(WINDOWS::holds);
        assertThat(List.of(2.1, 57.9, 62.1)).noneMatch(WINDOWS::holds);
    }

    @Test
    void countsWhatWasHeldUpToAnAge() {
        assertThat(WINDOWS.heldSeconds(1)).isEqualTo(1);
        assertThat(WINDOWS.heldSeconds(30)).isEqualTo(2);
        assertThat(WINDOWS.heldSeconds(60)).isEqualTo(4);
        assertThat(WINDOWS.heldSeconds(1_000)).isEqualTo(6);
    }

    @Test
    void aWindowThatWasReachedBeganWithAStart() {
        assertThat(WINDOWS.startsAhead(57)).isZero();
        assertThat(WINDOWS.startsAhead(58)).isEqualTo(1);
    }

    @Test
    void tellsWhatComesNext() {
        assertThat(WINDOWS.heldUntil(1)).isEqualTo(OptionalDouble.of(2));
        assertThat(WINDOWS.heldUntil(10)).isEmpty();
        assertThat(WINDOWS.nextFrom(1)).isEqualTo(OptionalDouble.of(58));
        assertThat(WINDOWS.nextFrom(60)).isEmpty();
    }
}
