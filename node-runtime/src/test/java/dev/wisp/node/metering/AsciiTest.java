package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.price.Money;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsciiTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 1_234_567_890_123L, Long.MAX_VALUE})
    void writesDecimals(long number) {
        assertThat(text(out -> Ascii.decimal(out, number))).isEqualTo(Long.toString(number));
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                200_312,
                10_000_000_000L,
                100_000_000_000L,
                1_000_000_000_000L,
                1_230_000_000_000L,
                Long.MAX_VALUE
            })
    void writesMoneyAsItIsWrittenElsewhere(long picos) {
        assertThat(text(out -> Ascii.picos(out, picos))).isEqualTo(Money.decimal(picos));
    }

    @Test
    void writesMillisecondsWithThreeDecimals() {
        assertThat(text(out -> Ascii.millis(out, 1_234_005))).isEqualTo("1234.005");
        assertThat(text(out -> Ascii.millis(out, 7))).isEqualTo("0.007");
    }

    @Test
    void writesIdentifiers() {
        RandomGenerator random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            UUID id = new UUID(random.nextLong(), random.nextLong());
            assertThat(text(out -> Ascii.uuid(out, id))).isEqualTo(id.toString());
        }
    }

    private static String text(Consumer<ByteBuf> writing) {
        ByteBuf out = Unpooled.buffer();
        writing.accept(out);
        return out.toString(StandardCharsets.US_ASCII);
    }
}
