package dev.wisp.contracts.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.invocation.Outcome;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RatingTest {

    private static final long SEED = 20_261_101;

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "999, 1", "1000, 1", "1001, 2", "250000, 250"})
    void billsEveryStartedMillisecond(long appMicros, long billedMillis) {
        assertThat(Rating.billedMillis(PriceBook.DEFAULT, Outcome.SUCCESS, 700, appMicros))
                .isEqualTo(billedMillis);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void onlyWhatIsBilledHasBilledTime(Outcome outcome) {
        assertThat(Rating.billedMillis(PriceBook.DEFAULT, outcome, 0, 5_000)).isEqualTo(outcome.isBilled() ? 5 : 0);
    }

    @Test
    void billsTheStartOnlyWhenTheBookSaysSo() {
        PriceBook book = new PriceBook(2, "USD", Instant.EPOCH, 0, 0, 0, 0, 0, 100, true);

        assertThat(Rating.billedMillis(book, Outcome.SUCCESS, 60_000, 60_000)).isEqualTo(200);
    }

    @Test
    void oneMillisecondAt128MebibytesIsNotRoundedAway() {
        long picos = Rating.costPicos(PriceBook.DEFAULT, Outcome.SUCCESS, 1, 0, 1_000, 128L << 20, 1_000_000);

        // 312.5 picos of memory: half goes to the even neighbour. Processors held cost nothing by these prices.
        assertThat(picos).isEqualTo(PriceBook.DEFAULT.perRequestPicos() + 312);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void onlyWhatIsBilledCosts(Outcome outcome) {
        long picos = Rating.costPicos(PriceBook.DEFAULT, outcome, 10, 1_000, 1_000, 1 << 20, 0);

        assertThat(picos > 0).isEqualTo(outcome.isBilled());
    }

    @Test
    void whatDoesNotFitALongIsExactAllTheSame() {
        PriceBook book =
                new PriceBook(2, "USD", Instant.EPOCH, 0, 0, 1_000_000_000_000L, 1_000_000_000_000L, 0, 1, false);

        // 10⁹ ms at 1 GiB for a picounit of 10¹²: 10¹² × 10⁹ × 2³⁰ is far beyond 2⁶³; so is 10¹² × 10⁹ × 2,000 for two
        // processors.
        assertThat(Rating.costPicos(book, Outcome.SUCCESS, 1_000_000_000, 0, 0, 1 << 30, 0))
                .isEqualTo(1_000_000_000_000L * 1_000_000);
        assertThat(Rating.costPicos(book, Outcome.SUCCESS, 1_000_000_000, 0, 2_000, 0, 0))
                .isEqualTo(2_000_000_000_000L * 1_000_000);
    }

    /** 10¹⁸ picos of memory, whose product does not fit a long, with halves of a pico of processor time beside it. */
    @ParameterizedTest
    @CsvSource({"0, 0", "499999, 0", "500000, 0", "500001, 1", "1499999, 1", "1500000, 2", "2500000, 2"})
    void whatDoesNotFitALongIsRoundedHalfToEvenToo(long cpuMicros, long picos) {
        PriceBook book = new PriceBook(2, "USD", Instant.EPOCH, 0, 1, 0, 1_000_000_000_000L, 0, 1, false);

        assertThat(Rating.costPicos(book, Outcome.SUCCESS, 1_000_000_000, cpuMicros, 0, 1 << 30, 0))
                .isEqualTo(1_000_000_000_000_000_000L + picos);
    }

    /** 10¹² × 10⁹ each: a thousand seconds of processor time, and a GB of answers. */
    @Test
    void processorTimeAndAnswersThatDoNotFitALongAreExactAllTheSame() {
        PriceBook book =
                new PriceBook(2, "USD", Instant.EPOCH, 7, 1_000_000_000_000L, 0, 0, 1_000_000_000_000L, 1, false);

        assertThat(Rating.costPicos(book, Outcome.SUCCESS, 1, 1_000_000_000, 0, 0, 1_000_000_000))
                .isEqualTo(1_000_000_000_000_000L + 1_000_000_000_000L + 7);
        assertThat(Rating.costPicos(book, Outcome.SUCCESS, 1, 0, 0, 0, 1_000_000_000))
                .isEqualTo(1_000_000_000_000L + 7);
    }

    /** A quarter of a processor for 3 ms at a dollar for 250 processors in a second: 3 µUSD; and whoever's limit is not known pays for none. */
    @Test
    void processorsHeldCostForTheBilledTime() {
        PriceBook book = new PriceBook(2, "USD", Instant.EPOCH, 0, 0, 4_000_000_000L, 0, 0, 1, false);

        assertThat(Rating.costPicos(book, Outcome.SUCCESS, 3, 77_000, 250, 1 << 20, 9))
                .isEqualTo(3_000_000);
        assertThat(Rating.costPicos(book, Outcome.SUCCESS, 3, 77_000, 0, 1 << 20, 9))
                .isZero();
    }

    @Test
    void agreesWithNaiveDecimalArithmetic() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        for (int round = 0; round < 100_000; round++) {
            PriceBook book = new PriceBook(
                    1,
                    "USD",
                    Instant.EPOCH,
                    random.nextLong(1_000_000),
                    random.nextLong(100_000_000),
                    random.nextInt(3) == 0 ? 0 : random.nextLong(1_000_000_000) >> random.nextInt(30),
                    random.nextLong(10_000_000),
                    random.nextLong(100_000_000_000L),
                    1,
                    false);
            // Of all sizes: products that fit a long take another way than those that do not.
            long billedMillis = random.nextLong(1_000_000) >> random.nextInt(20);
            long cpuMicros = random.nextLong(1_000_000_000L) >> random.nextInt(30);
            int cpuMillicores = random.nextInt(1_024_001) >> random.nextInt(20);
            long memoryBytes = random.nextLong(1L << 36) >> random.nextInt(36);
            long bytesOut = random.nextLong(1L << 40) >> random.nextInt(40);

            assertThat(Rating.costPicos(
                            book, Outcome.SUCCESS, billedMillis, cpuMicros, cpuMillicores, memoryBytes, bytesOut))
                    .as("seed=%d round=%d", SEED, round)
                    .isEqualTo(naive(book, billedMillis, cpuMicros, cpuMillicores, memoryBytes, bytesOut));
        }
    }

    /** Independent of the code under test: every figure in its own unit, exact decimals (2³⁰ and 10⁹ divide without remainder). */
    private static long naive(
            PriceBook book, long billedMillis, long cpuMicros, int cpuMillicores, long memoryBytes, long bytesOut) {
        BigDecimal cpuSeconds =
                BigDecimal.valueOf(cpuMicros).divide(BigDecimal.valueOf(1_000_000), MathContext.UNLIMITED);
        BigDecimal gib = BigDecimal.valueOf(memoryBytes).divide(BigDecimal.valueOf(1L << 30), MathContext.UNLIMITED);
        BigDecimal seconds = BigDecimal.valueOf(billedMillis).divide(BigDecimal.valueOf(1_000), MathContext.UNLIMITED);
        return BigDecimal.valueOf(book.perCpuSecondPicos())
                .multiply(cpuSeconds)
                .add(BigDecimal.valueOf(book.perVcpuSecondPicos())
                        .multiply(BigDecimal.valueOf(cpuMillicores, 3))
                        .multiply(seconds))
                .add(BigDecimal.valueOf(book.perGibSecondPicos()).multiply(gib).multiply(seconds))
                .add(BigDecimal.valueOf(book.perEgressGbPicos()).multiply(BigDecimal.valueOf(bytesOut, 9)))
                .setScale(0, RoundingMode.HALF_EVEN)
                .add(BigDecimal.valueOf(book.perRequestPicos()))
                .longValueExact();
    }
}
