package dev.wisp.contracts.price;

import dev.wisp.contracts.invocation.Outcome;
import java.math.BigInteger;

/**
 * Turns metered quantities into billed time and money: pure, exact, and the same code at the node (which tells the caller) and in
 * billing (which checks). Each of the parts is computed as an exact fraction, summed, and rounded once, half to even, to a pico.
 */
public final class Rating {

    /** 2³⁰ × 10⁹: what microseconds, millicore-milliseconds, byte-milliseconds and bytes all divide to seconds, GiB-seconds and GB. */
    private static final BigInteger DENOMINATOR =
            BigInteger.ONE.shiftLeft(30).multiply(BigInteger.valueOf(1_000_000_000));

    private static final BigInteger PER_CPU = DENOMINATOR.divide(BigInteger.valueOf(1_000_000));
    private static final BigInteger PER_VCPU = PER_CPU;
    private static final BigInteger PER_MEMORY = DENOMINATOR.divide(BigInteger.valueOf(1_000L << 30));
    private static final BigInteger PER_EGRESS = DENOMINATOR.divide(BigInteger.valueOf(1_000_000_000));

    private static final long CPU_UNITS = 1_000_000;
    /** Thousandths of a processor × thousandths of a second. */
    private static final long VCPU_UNITS = 1_000_000;

    private static final long MEMORY_UNITS = 1_000L << 30;
    private static final long EGRESS_UNITS = 1_000_000_000;
    /** The same number as {@link #DENOMINATOR}: four remainders below it fit a long. */
    private static final long WHOLE = DENOMINATOR.longValueExact();

    private Rating() {}

    /** Billed time in milliseconds: application time, and start time if the book says so, rounded up to the increment. */
    public static long billedMillis(PriceBook book, Outcome outcome, long startMicros, long appMicros) {
        if (!outcome.isBilled()) {
            return 0;
        }
        long micros = appMicros + (book.startBilled() ? startMicros : 0);
        long incrementMicros = book.incrementMillis() * 1_000;
        return Math.ceilDiv(micros, incrementMicros) * book.incrementMillis();
    }

    /** Cost in picos of one invocation; an outcome that is not billed costs nothing. */
    public static long costPicos(
            PriceBook book,
            Outcome outcome,
            long billedMillis,
            long cpuMicros,
            int cpuMillicores,
            long memoryBytes,
            long bytesOut) {
        if (!outcome.isBilled()) {
            return 0;
        }
        long cpu = productOrNone(book.perCpuSecondPicos(), cpuMicros);
        long vcpu = productOrNone(productOrNone(book.perVcpuSecondPicos(), billedMillis), cpuMillicores);
        long memory = productOrNone(productOrNone(book.perGibSecondPicos(), billedMillis), memoryBytes);
        long egress = productOrNone(book.perEgressGbPicos(), bytesOut);
        boolean anyIsNone = (cpu | vcpu | memory | egress) < 0;
        long parts = anyIsNone
                ? bigParts(book, billedMillis, cpuMicros, cpuMillicores, memoryBytes, bytesOut)
                : parts(cpu, vcpu, memory, egress);
        return Math.addExact(book.perRequestPicos(), parts);
    }

    /** As {@link #bigParts}, for products that fit a long: nearly all do, and the big ones cost a microsecond for every call. */
    private static long parts(long cpu, long vcpu, long memory, long egress) {
        long rest = cpu % CPU_UNITS * (WHOLE / CPU_UNITS)
                + vcpu % VCPU_UNITS * (WHOLE / VCPU_UNITS)
                + memory % MEMORY_UNITS * (WHOLE / MEMORY_UNITS)
                + egress % EGRESS_UNITS * (WHOLE / EGRESS_UNITS);
        long processors = cpu / CPU_UNITS + vcpu / VCPU_UNITS;
        long whole =
                Math.addExact(Math.addExact(processors, memory / MEMORY_UNITS), egress / EGRESS_UNITS + rest / WHOLE);
        long twice = rest % WHOLE * 2;
        boolean up = twice > WHOLE || (twice == WHOLE && (whole & 1) == 1);
        return up ? Math.addExact(whole, 1) : whole;
    }

    private static long bigParts(
            PriceBook book, long billedMillis, long cpuMicros, int cpuMillicores, long memoryBytes, long bytesOut) {
        BigInteger cpu = product(book.perCpuSecondPicos(), cpuMicros).multiply(PER_CPU);
        BigInteger vcpu = product(book.perVcpuSecondPicos(), billedMillis)
                .multiply(BigInteger.valueOf(cpuMillicores))
                .multiply(PER_VCPU);
        BigInteger memory = product(book.perGibSecondPicos(), billedMillis)
                .multiply(BigInteger.valueOf(memoryBytes))
                .multiply(PER_MEMORY);
        BigInteger egress = product(book.perEgressGbPicos(), bytesOut).multiply(PER_EGRESS);
        return roundHalfEven(cpu.add(vcpu).add(memory).add(egress), DENOMINATOR).longValueExact();
    }

    /** Negative when a factor is, or when the product does not fit. */
    private static long productOrNone(long a, long b) {
        long low = a * b;
        return (a | b | low) < 0 || Math.multiplyHigh(a, b) != 0 ? -1 : low;
    }

    private static BigInteger product(long a, long b) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
    }

    private static BigInteger roundHalfEven(BigInteger numerator, BigInteger denominator) {
        BigInteger[] parts = numerator.divideAndRemainder(denominator);
        int half = parts[1].shiftLeft(1).compareTo(denominator);
        boolean up = half > 0 || (half == 0 && parts[0].testBit(0));
        return up ? parts[0].add(BigInteger.ONE) : parts[0];
    }
}
