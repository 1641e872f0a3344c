package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PriceSpanTest {

    private static final long NOON_MICROS = 1_700_000_000_000_000L;

    @Test
    void lastsUntilTheNextVersionBegins() {
        PriceBooks books = PriceBooks.DEFAULT
                .with(book(2, instant(NOON_MICROS)))
                .with(book(3, instant(NOON_MICROS + 10).plusNanos(1)));

        PriceSpan before = PriceSpan.of(books, 0);
        PriceSpan after = PriceSpan.of(books, NOON_MICROS + 5);

        assertThat(before).isEqualTo(new PriceSpan(books, PriceBook.DEFAULT, 0, NOON_MICROS));
        assertThat(after.book().version()).isEqualTo(2);
        assertThat(after.untilMicros()).isEqualTo(NOON_MICROS + 11);
    }

    @Test
    void aVersionTooFarAwayForALongNeverBegins() {
        PriceBooks books = PriceBooks.DEFAULT.with(book(2, Instant.MAX));

        assertThat(PriceSpan.of(books, NOON_MICROS).untilMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void thereIsNoneBeforeTheFirstVersion() {
        assertThatIllegalStateException().isThrownBy(() -> PriceSpan.of(PriceBooks.DEFAULT, -1));
    }

    @Test
    void saysWhatTheBooksSay() {
        long seed = System.nanoTime();
        RandomGenerator random = new SplittableRandom(seed);
        for (int run = 0; run < 2_000; run++) {
            PriceBooks books = PriceBooks.DEFAULT;
            for (int version = 2; version < 6; version++) {
                books = books.with(book(version, Instant.EPOCH.plusNanos(random.nextInt(20_000))));
            }
            PriceSpan span = PriceSpan.of(books, random.nextInt(20));
            for (long micros = 0; micros < 25; micros++) {
                if (span.holds(micros)) {
                    assertThat(span.book())
                            .as("seed=%d %s at %d", seed, books, micros)
                            .isEqualTo(books.at(instant(micros)));
                }
            }
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static PriceBook book(int version, Instant effectiveFrom) {
        return new PriceBook(version, "USD", effectiveFrom, 1, 1, 0, 1, 0, 1, false);
    }
}
