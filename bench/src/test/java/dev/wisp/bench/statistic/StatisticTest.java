package dev.wisp.bench.statistic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatisticTest {

    @Test
    void percentilesAreThoseOfTheSamples() {
        Samples samples = new Samples();
        for (int micros = 1; micros <= 1_000; micros++) {
            samples.add(micros);
        }

        assertThat(samples.series("s")).isEqualTo(new Series("s", 1_000, 500, 900, 990, null, null));
    }

    @Test
    void aNegativeOrHugeDurationDoesNotBreakTheMeasurement() {
        Samples samples = new Samples();
        samples.add(-5);
        samples.add(Long.MAX_VALUE);

        assertThat(samples.count()).isEqualTo(2);
    }

    @Test
    void samplesOfSeveralThreadsAddUp() {
        Samples one = new Samples();
        Samples other = new Samples();
        one.add(10);
        other.add(30);

        one.addAll(other);

        assertThat(one.count()).isEqualTo(2);
        assertThat(one.series("s").p99Micros()).isEqualTo(30);
    }

    @Test
    void aSeriesIsWrittenInTheSharedForm() throws Exception {
        Series series = new Series("s", 2, 1, 2, 3, null, null).withCpuMicros(1.2345);

        assertThat(new JsonMapper().writeValueAsString(series))
                .isEqualTo(
                        "{\"name\":\"s\",\"n\":2,\"p50_us\":1,\"p90_us\":2,\"p99_us\":3,\"cpu_us\":1.23,\"per_second\":null}");
    }

    @Test
    void theMedianIsTheMiddle() {
        assertThat(Median.of(List.of(3, 1, 2))).isEqualTo(2);
        assertThat(Median.of(List.of(4, 1, 2, 3))).isEqualTo(2.5);
        assertThat(Median.of(List.of())).isZero();
    }

    @Test
    void aRatioOfNothingIsZero() {
        assertThat(Median.ratio(1, 0)).isZero();
        assertThat(Median.ratio(2, 3)).isEqualTo(0.667);
    }

    @Test
    void readsServerTiming() {
        assertThat(ServerTiming.parse(
                        "queue;dur=0.012, start;dur=1.5;desc=\"cold\", start-exec;desc=x;dur=0.4, bad;dur=x, none"))
                .containsExactly(Map.entry("queue", 12L), Map.entry("start", 1_500L), Map.entry("start-exec", 400L));
        assertThat(ServerTiming.parse("")).isEmpty();
    }
}
