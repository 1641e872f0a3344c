package dev.wisp.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WideSumTest {

    private static final long SEED = 27;

    @Test
    void isTheSumOfNumbersAndProductsOfEverySizeAndSign() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 1_000; round++) {
            WideSum sum = new WideSum();
            BigInteger expected = BigInteger.ZERO;

            for (int i = random.nextInt(100); i > 0; i--) {
                long one = any(random);
                long other = any(random);
                sum.add(one);
                sum.addProduct(one, other);
                BigInteger value = BigInteger.valueOf(one);
                expected = expected.add(value).add(value.multiply(BigInteger.valueOf(other)));
            }

            assertThat(sum.value()).as("seed=%d round=%d", SEED, round).isEqualTo(expected);
        }
    }

    @Test
    void carries() {
        WideSum sum = new WideSum();

        for (int i = 0; i < 4; i++) {
            sum.add(Long.MAX_VALUE);
        }
        sum.add(-1);

        assertThat(sum.value())
                .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE)
                        .multiply(BigInteger.valueOf(4))
                        .subtract(BigInteger.ONE));
    }

    /** Small ones, and up to 2^61, so that a hundred products stay within 127 bits. */
    private static long any(SplittableRandom random) {
        return random.nextLong() >> random.nextInt(4, 64);
    }
}
