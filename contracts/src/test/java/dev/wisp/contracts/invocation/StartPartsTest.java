package dev.wisp.contracts.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.dataplane.StartTiming.Phase;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartPartsTest {

    @Test
    void areTheStartsPhasesInOrder() {
        StartTiming timing = new StartTiming(
                483, List.of(new Phase("schedule", 61), new Phase("claim", 12), new Phase("listen", 410)));

        StartParts parts = StartParts.of(timing);

        assertThat(parts.text()).isEqualTo("schedule=61,claim=12,listen=410");
        assertThat(parts.micros()).containsExactly(entry("schedule", 61L), entry("claim", 12L), entry("listen", 410L));
    }

    @Test
    void aWarmCallHasNone() {
        assertThat(StartParts.of(null)).isEqualTo(StartParts.NONE);
        assertThat(StartParts.NONE.micros()).isEmpty();
    }

    @Test
    void theLongestTextFitsBehindOneByte() {
        String longest = IntStream.range(0, StartTiming.PHASES_MAX)
                .mapToObj(at -> "abcdefghijklmno=999999999999")
                .collect(Collectors.joining(","));

        assertThat(new StartParts(longest).text().length()).isLessThanOrEqualTo(StartParts.TEXT_MAX);
        assertThatThrownBy(() -> new StartParts(longest + ",a=1")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claim",
                "claim=",
                "=1",
                "claim=-1",
                "claim=1,",
                ",claim=1",
                "Claim=1",
                "claim=1;listen=2",
                "claim=1\nlisten=2",
                "abcdefghijklmnop=1",
                "claim=1234567890123"
            })
    void anotherFormIsRefused(String text) {
        assertThatThrownBy(() -> new StartParts(text)).hasMessageContaining("claim=12,listen=410");
    }
}
