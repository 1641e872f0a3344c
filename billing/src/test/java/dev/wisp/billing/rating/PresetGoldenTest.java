package dev.wisp.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each preset beside its provider's own words: worked examples that they publish, to the cent and line by line, and their formulas, written
 * here in decimals and in their units, to the last digit. docs/prices.md says where they are.
 */
class PresetGoldenTest {

    private static final long SEED = 20_261_127;
    private static final int SHAPES = 2_000;
    private static final long GIB = 1L << 30;

    /**
     * @param published lines of the provider's example, in dollars and cents
     * @param total of it
     */
    record Case(String name, Preset preset, CallShape call, Map<Meter, String> published, String total) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> published() {
        return Stream.of(
                new Case(
                        "Lambda, pricing page: 3 million requests of 120 ms with 1,536 MB",
                        Preset.LAMBDA,
                        new CallShape(3_000_000, 120_000, 0, 0, 0, 0, 3 * GIB / 2, 0, 0, 1),
                        Map.of(Meter.MEMORY_TIME, "2.33", Meter.REQUESTS, "0.40"),
                        "2.73"),
                new Case(
                        "Workers, example 1: 15 million requests of 7 ms processor time",
                        Preset.CLOUDFLARE_WORKERS,
                        new CallShape(15_000_000, 7_000, 0, 0, 7_000, 1_000, GIB / 8, 0, 0, 1),
                        Map.of(Meter.REQUESTS, "1.50", Meter.CPU_TIME, "1.50"),
                        "8.00"),
                new Case(
                        "Workers: 720 cron triggers of three minutes",
                        Preset.CLOUDFLARE_WORKERS,
                        new CallShape(720, 180_000_000, 0, 0, 180_000_000, 1_000, GIB / 8, 0, 0, 1),
                        Map.of(Meter.REQUESTS, "0.00", Meter.CPU_TIME, "1.99"),
                        "6.99"),
                new Case(
                        "Workers: 100 million requests of 7 ms processor time",
                        Preset.CLOUDFLARE_WORKERS,
                        new CallShape(100_000_000, 7_000, 0, 0, 7_000, 1_000, GIB / 8, 0, 0, 1),
                        Map.of(Meter.REQUESTS, "27.00", Meter.CPU_TIME, "13.40"),
                        "45.40"));
    }

    @ParameterizedTest
    @MethodSource("published")
    void aPublishedExampleComesToWhatItsProviderSays(Case example) {
        RatedPeriod month = example.preset().estimate(example.call());

        Map<Meter, String> lines = new TreeMap<>();
        month.lines().forEach(line -> lines.put(line.meter(), cents(line.netPicos())));
        lines.keySet().retainAll(example.published().keySet());
        assertThat(lines).isEqualTo(example.published());
        assertThat(cents(month.netPicos())).isEqualTo(example.total());
    }

    /** An earlier edition of the page: 3 million requests of a second with 512 MB are 1,100,000 billable GB-s and 2 million requests. */
    @Test
    void lambdasBillableUnitsAreThoseOfItsExample() {
        RatedPeriod month = Preset.LAMBDA.estimate(new CallShape(3_000_000, 1_000_000, 0, 0, 0, 0, GIB / 2, 0, 0, 1));

        Map<Meter, BigInteger> billable = new TreeMap<>();
        month.lines()
                .forEach(line -> billable.put(
                        line.meter(),
                        line.parts().getLast().quantity().divide(line.meter().baseUnitsPerUnit())));
        assertThat(billable)
                .containsEntry(Meter.MEMORY_TIME, BigInteger.valueOf(1_100_000))
                .containsEntry(Meter.REQUESTS, BigInteger.valueOf(2_000_000));
    }

    /** Microsoft's formula for eight hours of every day: rate x 3600 x 8 x 30, for one vCPU and for two GiB, less the monthly grant. */
    @Test
    void containerAppsEightHoursADay() {
        CallShape call = new CallShape(8 * 30, 3_600_000_000L, 0, 0, 0, 1_000, 2 * GIB, 0, 0, 1);

        RatedPeriod month = Preset.AZURE_CONTAINER_APPS.estimate(call);

        BigDecimal cpu = decimal("0.000024").multiply(decimal("864000").subtract(decimal("180000")));
        BigDecimal memory = decimal("0.000003").multiply(decimal("1728000").subtract(decimal("360000")));
        assertThat(usd(month.netPicos())).isEqualByComparingTo(cpu.add(memory));
    }

    /** A replica that is kept and has no request is charged 0.000003 for each vCPU-second and GiB-second. */
    @Test
    void containerAppsIdle() {
        Quantities day = new Quantities(Map.of(
                Meter.IDLE_VCPU_TIME, Meter.IDLE_VCPU_TIME.units(86_400),
                Meter.IDLE_MEMORY_TIME, Meter.IDLE_MEMORY_TIME.units(2 * 86_400)));

        RatedPeriod month = PeriodRatingPolicy.rate(List.of(new PeriodUsage(Preset.AZURE_CONTAINER_APPS.terms(), day)));

        assertThat(usd(month.netPicos()))
                .isEqualByComparingTo(decimal("0.000003").multiply(decimal("259200")));
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyLineIsWhatThePublishedFormulaGives(Preset preset) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < SHAPES; i++) {
            CallShape call = anyCall(random);

            RatedPeriod month = preset.estimate(call);

            Map<Meter, BigDecimal> expected = new TreeMap<>(Formula.of(preset, call));
            BigDecimal fee = preset.name().startsWith("CLOUDFLARE") ? decimal("5") : BigDecimal.ZERO;
            String description = "%s seed=%d i=%d %s".formatted(preset, SEED, i, call);
            for (RatedLine line : month.lines()) {
                assertThat(usd(line.netPicos()))
                        .as("%s %s", description, line.meter())
                        .isEqualByComparingTo(expected.getOrDefault(line.meter(), BigDecimal.ONE.negate()));
            }
            assertThat(usd(month.netPicos()))
                    .as(description)
                    .isEqualByComparingTo(expected.values().stream().reduce(fee, BigDecimal::add));
        }
    }

    /** From nothing to billions of calls, so that every free part and step is passed. */
    private static CallShape anyCall(SplittableRandom random) {
        return new CallShape(
                random.nextLong(1, 1L << random.nextInt(1, 36)),
                random.nextLong(5_000_000),
                random.nextLong(2_000_000),
                random.nextInt(10_001),
                random.nextLong(1_000_000),
                random.nextInt(1, 8_001),
                random.nextLong(1, 16) * GIB / 4,
                random.nextLong(1, 20) * 1_000_000_000L,
                0,
                random.nextInt(1, 100));
    }

    /** The providers' formulas in dollars; nothing here is the code under test's. */
    private static final class Formula {

        private final CallShape call;

        private Formula(CallShape call) {
            this.call = call;
        }

        static Map<Meter, BigDecimal> of(Preset preset, CallShape call) {
            Formula formula = new Formula(call);
            return switch (preset) {
                case LAMBDA -> formula.lambda();
                case CLOUD_RUN -> formula.cloudRun();
                case AZURE_CONTAINER_APPS -> formula.containerApps();
                case CLOUDFLARE_CONTAINERS -> formula.containers();
                case CLOUDFLARE_WORKERS -> formula.workers();
            };
        }

        private Map<Meter, BigDecimal> lambda() {
            BigDecimal left = past(gib().multiply(seconds(1, true, false)), "400000");
            BigDecimal compute = BigDecimal.ZERO;
            for (String[] step : new String[][] {{"6000000000", "0.0000166667"}, {"9000000000", "0.000015"}}) {
                BigDecimal part = left.min(decimal(step[0]));
                compute = compute.add(part.multiply(decimal(step[1])));
                left = left.subtract(part);
            }
            compute = compute.add(left.multiply(decimal("0.0000133334")));
            return Map.of(Meter.MEMORY_TIME, compute, Meter.REQUESTS, perMillion(requests(), "1000000", "0.20"));
        }

        private Map<Meter, BigDecimal> cloudRun() {
            BigDecimal seconds = seconds(100, true, true);
            return Map.of(
                    Meter.VCPU_TIME, past(vcpus().multiply(seconds), "180000").multiply(decimal("0.000024")),
                    Meter.MEMORY_TIME, past(gib().multiply(seconds), "360000").multiply(decimal("0.0000025")),
                    Meter.REQUESTS, perMillion(requests(), "2000000", "0.40"));
        }

        private Map<Meter, BigDecimal> containerApps() {
            BigDecimal seconds = seconds(1, true, true);
            return Map.of(
                    Meter.VCPU_TIME, past(vcpus().multiply(seconds), "180000").multiply(decimal("0.000024")),
                    Meter.MEMORY_TIME, past(gib().multiply(seconds), "360000").multiply(decimal("0.000003")),
                    Meter.REQUESTS, perMillion(requests(), "2000000", "0.40"));
        }

        private Map<Meter, BigDecimal> containers() {
            BigDecimal seconds = seconds(10, true, true);
            BigDecimal disk = BigDecimal.valueOf(call.diskBytes()).movePointLeft(9);
            return Map.of(
                    Meter.CPU_TIME, past(cpuSeconds(), "22500").multiply(decimal("0.000020")),
                    Meter.MEMORY_TIME, past(gib().multiply(seconds), "90000").multiply(decimal("0.0000025")),
                    Meter.DISK_TIME, past(disk.multiply(seconds), "720000").multiply(decimal("0.00000007")));
        }

        private Map<Meter, BigDecimal> workers() {
            BigDecimal cpuMillis = cpuSeconds().multiply(decimal("1000"));
            return Map.of(
                    Meter.REQUESTS, perMillion(requests(), "10000000", "0.30"),
                    Meter.CPU_TIME, perMillion(cpuMillis, "30000000", "0.02"));
        }

        /** Each call's time rounded up by itself; of calls that share an instance, its time is paid once, to the millisecond. */
        private BigDecimal seconds(long stepMillis, boolean startBilled, boolean shared) {
            BigDecimal cold = requests()
                    .multiply(BigDecimal.valueOf(call.coldStartBasisPoints(), 4))
                    .setScale(0, RoundingMode.DOWN);
            BigDecimal warmMillis = rounded(call.appMicros(), stepMillis);
            BigDecimal coldMillis = rounded(call.appMicros() + (startBilled ? call.startMicros() : 0), stepMillis);
            BigDecimal millis = requests().subtract(cold).multiply(warmMillis).add(cold.multiply(coldMillis));
            return (shared ? millis.divide(BigDecimal.valueOf(call.concurrency()), 0, RoundingMode.CEILING) : millis)
                    .movePointLeft(3);
        }

        private static BigDecimal rounded(long micros, long stepMillis) {
            return BigDecimal.valueOf(micros)
                    .movePointLeft(3)
                    .divide(BigDecimal.valueOf(stepMillis), 0, RoundingMode.CEILING)
                    .multiply(BigDecimal.valueOf(stepMillis));
        }

        private BigDecimal requests() {
            return BigDecimal.valueOf(call.requests());
        }

        private BigDecimal gib() {
            return BigDecimal.valueOf(call.memoryBytes()).divide(decimal("1073741824"));
        }

        private BigDecimal vcpus() {
            return BigDecimal.valueOf(call.cpuMillis()).movePointLeft(3);
        }

        private BigDecimal cpuSeconds() {
            return requests().multiply(BigDecimal.valueOf(call.cpuMicros())).movePointLeft(6);
        }

        private static BigDecimal past(BigDecimal used, String free) {
            return used.subtract(decimal(free)).max(BigDecimal.ZERO);
        }

        private static BigDecimal perMillion(BigDecimal used, String free, String price) {
            return past(used, free).movePointLeft(6).multiply(decimal(price));
        }
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    private static BigDecimal usd(Fraction picos) {
        return new BigDecimal(picos.numerator())
                .divide(new BigDecimal(picos.denominator()))
                .movePointLeft(12);
    }

    private static String cents(Fraction picos) {
        return usd(picos).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
    }
}
