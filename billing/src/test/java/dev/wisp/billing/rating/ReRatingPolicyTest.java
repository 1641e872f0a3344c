package dev.wisp.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.Invocations;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.price.PriceBook;
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

            RatedRecord rated = ReRatingPolicy.rate(PriceBook.DEFAULT, record);

            assertThat(rated).isEqualTo(new RatedRecord(record, RatingState.CONFIRMED));
        }
    }

    @Test
    void replacesACostThatTheBookDoesNotGive() {
        InvocationRecord right = Invocations.success(NOW, "hello", random);
        InvocationRecord wrong = Invocations.overcharged(right, 1, right.costPicos() + 1);

        RatedRecord rated = ReRatingPolicy.rate(PriceBook.DEFAULT, wrong);

        assertThat(rated).isEqualTo(new RatedRecord(right, RatingState.CORRECTED));
    }

    @Test
    void keepsARecordWhoseBookIsUnknown() {
        InvocationRecord record = Invocations.overcharged(Invocations.success(NOW, "hello", random), 7, 42);

        RatedRecord rated = ReRatingPolicy.rate(null, record);

        assertThat(rated).isEqualTo(new RatedRecord(record, RatingState.UNKNOWN_PRICE));
    }
}
