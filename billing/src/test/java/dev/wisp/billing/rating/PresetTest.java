package dev.wisp.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/** Bills worked out by hand with the providers' formulas, to the last digit. */
class PresetTest {

    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** 3 M calls of 120 ms at 1536 MiB: 540,000 GB-s, of which 400,000 are free, and 2 M requests that cost. */
    @Test
    void lambda() {
        assertThat(usd(Preset.LAMBDA, call(3_000_000, 120, 1_536 * MIB))).isEqualByComparingTo("2.733338");
    }

    /** The price falls behind the first six billion GB-seconds. */
    @Test
    void lambdaBehindTheFirstStep() {
        // 8,000,400,000 GB-s: 400,000 free, 6 billion at 0.0000166667, 2 billion at 0.000015; 7,999,400,000 requests at
        // 0.20 a million.
        assertThat(usd(Preset.LAMBDA, call(8_000_400_000L, 1_000, GIB)))
                .isEqualByComparingTo(
                        new BigDecimal("100000.2").add(new BigDecimal("30000")).add(new BigDecimal("1599.88")));
    }

    /** Half of the calls start an instance for 400 ms, which is billed: (100 + 500) ms a pair. */
    @Test
    void lambdaBillsTheStart() {
        CallShape call = new CallShape(10_000_000, 100_000, 400_000, 5_000, 0, 0, GIB, 0, 0, 1);

        // 3,000,000 GB-s less 400,000, at 0.0000166667; 9 M requests at 0.20 a million.
        assertThat(usd(Preset.LAMBDA, call)).isEqualByComparingTo("45.13342");
    }

    /** 10 M calls of 250 ms, billed as 300, on 1 vCPU and 512 MiB, alone in their instance. */
    @Test
    void cloudRun() {
        CallShape call = new CallShape(10_000_000, 250_000, 0, 0, 0, 1_000, 512 * MIB, 0, 0, 1);

        // 3,000,000 vCPU-s less 180,000; 1,500,000 GiB-s less 360,000; 8 M requests at 0.40 a million.
        assertThat(usd(Preset.CLOUD_RUN, call)).isEqualByComparingTo("73.73");
    }

    /** The same, ten at a time in each instance. */
    @Test
    void cloudRunBillsAnInstanceOnce() {
        CallShape call = new CallShape(10_000_000, 250_000, 0, 0, 0, 1_000, 512 * MIB, 0, 0, 10);

        // 300,000 vCPU-s less 180,000; 150,000 GiB-s are all free; 8 M requests.
        assertThat(usd(Preset.CLOUD_RUN, call)).isEqualByComparingTo("6.08");
    }

    /** 5 M calls of 200 ms on half a vCPU and 1 GiB. */
    @Test
    void azureContainerApps() {
        CallShape call = new CallShape(5_000_000, 200_000, 0, 0, 0, 500, GIB, 0, 0, 1);

        // 500,000 vCPU-s less 180,000; 1,000,000 GiB-s less 360,000; 3 M requests at 0.40 a million.
        assertThat(usd(Preset.AZURE_CONTAINER_APPS, call)).isEqualByComparingTo("10.80");
    }

    /** 5 M calls of 195 ms, billed as 200, with 50 ms of processor time each, 1 GiB and 4 GB of disk. */
    @Test
    void cloudflareContainers() {
        CallShape call = new CallShape(5_000_000, 195_000, 0, 0, 50_000, 1_000, GIB, 4_000_000_000L, 0, 1);

        // 5 for the plan; 250,000 vCPU-s less 22,500; 1,000,000 GiB-s less 90,000; 4,000,000 GB-s less 720,000.
        assertThat(usd(Preset.CLOUDFLARE_CONTAINERS, call)).isEqualByComparingTo("12.0546");
    }

    /** Their own example: 15 M requests of 7 ms processor time come to 8 dollars. */
    @Test
    void cloudflareWorkers() {
        CallShape call = new CallShape(15_000_000, 7_000, 0, 0, 7_000, 1_000, 128 * MIB, 0, 0, 1);

        assertThat(usd(Preset.CLOUDFLARE_WORKERS, call)).isEqualByComparingTo("8.00");
    }

    @Test
    void countsWhatEachCallSendsAndSharesTimeRoundedUp() {
        CallShape call = new CallShape(3, 1_000, 0, 0, 5, 2, 7, 11, 13, 2);

        Quantities quantities = EstimatePolicy.quantities(new TimeRule(1, false, true), call);

        assertThat(quantities.of(Meter.EGRESS)).isEqualTo(BigInteger.valueOf(39));
        assertThat(quantities.of(Meter.CPU_TIME)).isEqualTo(BigInteger.valueOf(15));
        assertThat(quantities.of(Meter.VCPU_TIME)).isEqualTo(BigInteger.valueOf(4));
        assertThat(quantities.of(Meter.MEMORY_TIME)).isEqualTo(BigInteger.valueOf(14));
        assertThat(quantities.of(Meter.DISK_TIME)).isEqualTo(BigInteger.valueOf(22));
    }

    @Test
    void aStartThatIsFreeDoesNotCount() {
        CallShape call = new CallShape(10, 1_500, 9_000, 10_000, 0, 1, 0, 0, 0, 1);

        assertThat(EstimatePolicy.quantities(new TimeRule(1, false, true), call).of(Meter.VCPU_TIME))
                .isEqualTo(BigInteger.valueOf(20));
        assertThat(EstimatePolicy.quantities(new TimeRule(10, true, true), call).of(Meter.VCPU_TIME))
                .isEqualTo(BigInteger.valueOf(200));
    }

    @Test
    void refusesACallThatCannotBe() {
        assertThatThrownBy(() -> new CallShape(1, 0, 0, 10_001, 0, 0, 0, 0, 0, 1))
                .hasMessageContaining("10001");
        assertThatThrownBy(() -> new CallShape(1, 0, 0, -1, 0, 0, 0, 0, 0, 1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new CallShape(1, 0, 0, 0, 0, 0, 0, 0, 0, 0)).hasMessageContaining("concurrency=0");
        for (int field = 0; field < 8; field++) {
            long[] values = new long[8];
            values[field] = -1;
            assertThatThrownBy(() -> new CallShape(
                            values[0], values[1], values[2], 0, values[3], values[4], values[5], values[6], values[7],
                            1))
                    .hasMessageContaining("must be >= 0");
        }
    }

    private static CallShape call(long requests, long millis, long memoryBytes) {
        return new CallShape(requests, millis * 1_000, 0, 0, 0, 0, memoryBytes, 0, 0, 1);
    }

    private static BigDecimal usd(Preset preset, CallShape call) {
        Fraction picos = preset.estimate(call).netPicos();
        return new BigDecimal(picos.numerator())
                .divide(new BigDecimal(picos.denominator()))
                .movePointLeft(12);
    }
}
