package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.price.Money;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsciiTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 1_234_567_890_123L, Long.MAX_VALUE})
    void writesDecimals(long number) {
        assertThat(text(Ascii.begin().decimal(number))).isEqualTo(Long.toString(number));
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
        assertThat(text(Ascii.begin().picos(picos))).isEqualTo(Money.decimal(picos));
    }

    @Test
    void writesMillisecondsWithThreeDecimals() {
        assertThat(text(Ascii.begin().millis(1_234_005))).isEqualTo("1234.005");
        assertThat(text(Ascii.begin().millis(7))).isEqualTo("0.007");
    }

    @Test
    void writesIdentifiers() {
        RandomGenerator random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            UUID id = new UUID(random.nextLong(), random.nextLong());
            assertThat(text(Ascii.begin().uuid(id))).isEqualTo(id.toString());
        }
    }

    @Test
    void growsWithWhatIsWritten() {
        String text = "0123456789abcdef".repeat(1_000);

        assertThat(text(Ascii.begin().text(text).decimal(7))).isEqualTo(text + "7");
    }

    /** Lower bytes alone would let somebody write an end of line in letters that look harmless. */
    @Test
    void doesNotCutLetters() {
        assertThat(text(Ascii.begin().text("a\u010ab\u00e9"))).isEqualTo("a?b\u00e9");
    }

    private static String text(Ascii text) {
        ByteBuf out = Unpooled.buffer();
        text.writeTo(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
