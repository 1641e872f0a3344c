package dev.wisp.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AllocationPolicyTest {

    private static final long SEED = 4;

    @Test
    void sharesAddUpToTheAmountAndAreWithinAPicoOfTheirPart() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 2_000; round++) {
            BigDecimal amount = BigDecimal.valueOf(random.nextLong(-1_000_000, 1_000_000), 2);
            List<BigInteger> quantities = new ArrayList<>();
            quantities.add(BigInteger.valueOf(random.nextLong(1, Long.MAX_VALUE)));
            for (int i = random.nextInt(20); i > 0; i--) {
                quantities.add(BigInteger.valueOf(random.nextLong(1_000)));
            }
            BigDecimal total = new BigDecimal(quantities.stream().reduce(BigInteger.ZERO, BigInteger::add));

            List<BigDecimal> shares = AllocationPolicy.shares(amount, quantities);

            assertThat(shares.stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                    .as("seed=%d round=%d", SEED, round)
                    .isEqualByComparingTo(amount);
            for (int i = 0; i < shares.size(); i++) {
                BigDecimal part = amount.multiply(new BigDecimal(quantities.get(i)))
                        .divide(total, 20, java.math.RoundingMode.HALF_EVEN);
                assertThat(shares.get(i).subtract(part).abs()).isLessThanOrEqualTo(new BigDecimal("1E-12"));
            }
        }
    }
}
