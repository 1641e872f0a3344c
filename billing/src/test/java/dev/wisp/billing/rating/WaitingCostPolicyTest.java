package dev.wisp.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitingCostPolicyTest {

    /** Two vCPU-seconds at 5, one GiB-second at 7. */
    @Test
    void isTheListsPriceOfProcessorsAndMemoryHeld() {
        PriceTerms terms = new PriceTerms(
                1,
                "USD",
                Map.of(Meter.IDLE_VCPU_TIME, MeterPrice.flat(5), Meter.IDLE_MEMORY_TIME, MeterPrice.flat(7)),
                0,
                0);

        Fraction picos = WaitingCostPolicy.picos(
                terms, BigInteger.valueOf(2_000_000_000L), BigInteger.valueOf(1_000_000L << 30));

        assertThat(picos).isEqualTo(Fraction.of(10 + 7));
    }

    @Test
    void isNothingWithoutAPriceAndNeitherFreePartsNorDiscountsChangeIt() {
        MeterPrice stepped = new MeterPrice(
                TierMode.GRADUATED,
                BigInteger.valueOf(1_000_000_000L),
                List.of(new Tier(BigInteger.ONE, 0), new Tier(BigInteger.TEN, 5), new Tier(null, 3)),
                5_000);
        PriceTerms terms = new PriceTerms(1, "USD", Map.of(Meter.IDLE_VCPU_TIME, stepped), 10, 20);

        assertThat(WaitingCostPolicy.picos(terms, BigInteger.valueOf(500_000_000L), BigInteger.TEN.pow(30)))
                .isEqualTo(new Fraction(BigInteger.valueOf(5), BigInteger.TWO));
    }
}
