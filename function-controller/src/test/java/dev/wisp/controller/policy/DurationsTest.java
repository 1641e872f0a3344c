package dev.wisp.controller.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {

    @ParameterizedTest
    @CsvSource({"0,0", "0s,0", "1s,1000", "500ms,500", "10m,600000", "1m30s,90000", "2h,7200000", "1h2m3s4ms,3723004"})
    void readsDurations(String text, long millis) {
        assertThat(Durations.millis(text)).hasValue(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "1d", "1 s", "1s ", "99999999999999h", "PT1S"})
    void refusesWhatIsNoDuration(String text) {
        assertThat(Durations.millis(text)).isEmpty();
    }
}
