package dev.wisp.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.Invocations;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ReRatingPolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private final RandomGenerator random = new java.util.SplittableRandom(1);

    @Test
    void confirmsWhatTheNodeComputedFromTheSameBook() {
        for (int i = 0; i < 1_000; i++) {
            InvocationRecord record = Invocations.any(NOW, "hello", random);

            RatedRecord rated = ReRatingPolicy.rate(PriceBooks.DEFAULT, record);

            assertThat(rated).isEqualTo(new RatedRecord(record, RatingState.CONFIRMED));
        }
    }

    @Test
    void replacesACostThatTheBookDoesNotGive() {
        InvocationRecord right = Invocations.success(NOW, "hello", random);
        InvocationRecord wrong = Invocations.overcharged(right, 1, right.costPicos() + 1);

        RatedRecord rated = ReRatingPolicy.rate(PriceBooks.DEFAULT, wrong);

        assertThat(rated).isEqualTo(new RatedRecord(right, RatingState.CORRECTED));
    }

    @Test
    void theVersionIsThatOfTheMomentTheCallWasReceivedWhateverTheNodeHadHeard() {
        PriceBook dearer =
                new PriceBook(2, "USD", NOW, 400_000, 24_000_000, 12_000_000, 2_500_000, 90_000_000_000L, 100, true);
        PriceBooks books = PriceBooks.DEFAULT.with(dearer);

        RatedRecord before = ReRatingPolicy.rate(books, Invocations.success(NOW.minusMillis(1), "hello", random));
        InvocationRecord late = Invocations.success(NOW, "hello", random);
        RatedRecord after = ReRatingPolicy.rate(books, late);

        assertThat(before.state()).isEqualTo(RatingState.CONFIRMED);
        assertThat(after.state()).isEqualTo(RatingState.CORRECTED);
        assertThat(after.record().priceVersion()).isEqualTo(2);
        assertThat(after.record().billedMillis())
                .isEqualTo(Math.ceilDiv(late.startMicros() + late.appMicros(), 100_000) * 100);
        assertThat(after.record().costPicos()).isGreaterThan(late.costPicos());
        assertThat(ReRatingPolicy.rate(books, after.record()))
                .isEqualTo(new RatedRecord(after.record(), RatingState.CONFIRMED));
    }

    @Test
    void keepsARecordWhoseBookIsUnknown() {
        InvocationRecord record = Invocations.overcharged(Invocations.success(NOW, "hello", random), 7, 42);

        RatedRecord rated = ReRatingPolicy.rate(PriceBooks.DEFAULT, record);

        assertThat(rated).isEqualTo(new RatedRecord(record, RatingState.UNKNOWN_PRICE));
    }
}
