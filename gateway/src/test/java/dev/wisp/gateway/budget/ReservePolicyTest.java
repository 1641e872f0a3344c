package dev.wisp.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.Rating;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.gateway.GatewayFixture;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReservePolicyTest {

    /** 100 millicores and 64 MiB for 30 s and the slack, by the prices' own words. */
    @Test
    void isThePriceOfACallThatUsesAllItMayUntilItsTimeout() {
        RevisionSpec revision = GatewayFixture.spec(1, Duration.ofSeconds(30));

        long picos = ReservePolicy.picos(PriceBook.DEFAULT, revision);

        BigDecimal expected = new BigDecimal("0.0000002")
                .add(new BigDecimal("3.1").multiply(new BigDecimal("0.000024")))
                .add(new BigDecimal("31").multiply(new BigDecimal("0.0625")).multiply(new BigDecimal("0.0000025")));
        assertThat(picos)
                .isEqualTo(expected.movePointRight(12)
                        .setScale(0, RoundingMode.HALF_EVEN)
                        .longValueExact());
    }

    /** 100 millicores for 30 s and the slack are 3.1 vCPU-seconds, whatever the call uses of them. */
    @Test
    void holdsWhatProcessorsHeldCostUntilItsTimeout() {
        RevisionSpec revision = GatewayFixture.spec(1, Duration.ofSeconds(30));
        PriceBook held = new PriceBook(1, "USD", Instant.EPOCH, 0, 0, 24_000_000, 0, 0, 1, false);

        assertThat(ReservePolicy.picos(held, revision)).isEqualTo(74_400_000);
    }

    @Test
    void noCallWithinItsLimitsCostsMore() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 10_000; round++) {
            PriceBook book = new PriceBook(
                    1,
                    "USD",
                    Instant.EPOCH,
                    random.nextLong(1_000_000),
                    random.nextLong(100_000_000),
                    random.nextLong(100_000_000),
                    random.nextLong(100_000_000),
                    random.nextLong(1_000_000_000),
                    1 + random.nextLong(1_000),
                    random.nextBoolean());
            long timeoutMillis = 1 + random.nextLong(600_000);
            RevisionSpec revision = GatewayFixture.spec(1, Duration.ofMillis(timeoutMillis));
            long startMicros = random.nextLong(timeoutMillis * 1_000);
            long appMicros = random.nextLong(timeoutMillis * 1_000 - startMicros + 1);
            long cpuMicros = appMicros * revision.limits().cpuMillicores() / 1_000;

            long billed = Rating.billedMillis(book, Outcome.SUCCESS, startMicros, appMicros);
            long cost = Rating.costPicos(
                    book,
                    Outcome.SUCCESS,
                    billed,
                    cpuMicros,
                    revision.limits().cpuMillicores(),
                    revision.limits().memoryBytes(),
                    random.nextLong(ReservePolicy.ANSWER_BYTES));

            assertThat(cost).as("round %d of seed 11", round).isLessThanOrEqualTo(ReservePolicy.picos(book, revision));
        }
    }

    @Test
    void whatDoesNotFitIsTheMostThereIs() {
        PriceBook dear = new PriceBook(1, "USD", Instant.EPOCH, Long.MAX_VALUE, Long.MAX_VALUE, 0, 0, 0, 1, false);

        assertThat(ReservePolicy.picos(dear, GatewayFixture.spec(1, Duration.ofSeconds(30))))
                .isEqualTo(Long.MAX_VALUE);
    }
}
