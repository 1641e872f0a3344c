package dev.wisp.bench.warm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FlatPolicyTest {

    private static final long MIB = 1 << 20;

    @Test
    void aRiseAtTheBeginningIsNone() {
        assertThat(FlatPolicy.isFlat(megabytes(50, 90, 130, 200, 201, 199, 200, 202, 200)))
                .isTrue();
    }

    @Test
    void oneSampleThatStandsOutIsNone() {
        assertThat(FlatPolicy.isFlat(megabytes(200, 200, 200, 200, 200, 200, 200, 400, 200)))
                .isTrue();
    }

    @Test
    void aSteadyRiseIsSeen() {
        assertThat(FlatPolicy.isFlat(megabytes(100, 110, 120, 130, 140, 150, 160, 170, 180)))
                .isFalse();
    }

    private static List<Long> megabytes(long... values) {
        return LongStream.of(values).mapToObj(value -> value * MIB).toList();
    }
}
