package dev.wisp.billing.rating;

import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;

/** Turns an average call into a period's quantities, under a provider's rule of what time is billed. */
public final class EstimatePolicy {

    private static final BigInteger WHOLE = BigInteger.valueOf(MeterPrice.WHOLE_BASIS_POINTS);

    private EstimatePolicy() {}

    /** Every call of a kind is billed alike, so times are multiplied after rounding up, as the providers do. */
    public static Quantities quantities(TimeRule rule, CallShape call) {
        BigInteger millis = instanceMillis(rule, call);
        BigInteger requests = BigInteger.valueOf(call.requests());
        Map<Meter, BigInteger> quantities = new EnumMap<>(Meter.class);
        quantities.put(Meter.REQUESTS, requests);
        quantities.put(Meter.CPU_TIME, requests.multiply(BigInteger.valueOf(call.cpuMicros())));
        quantities.put(Meter.VCPU_TIME, millis.multiply(BigInteger.valueOf(call.cpuMillis())));
        quantities.put(Meter.MEMORY_TIME, millis.multiply(BigInteger.valueOf(call.memoryBytes())));
        quantities.put(Meter.DISK_TIME, millis.multiply(BigInteger.valueOf(call.diskBytes())));
        quantities.put(Meter.EGRESS, requests.multiply(BigInteger.valueOf(call.bytesOut())));
        return new Quantities(quantities);
    }

    private static BigInteger instanceMillis(TimeRule rule, CallShape call) {
        BigInteger cold = BigInteger.valueOf(call.requests())
                .multiply(BigInteger.valueOf(call.coldStartBasisPoints()))
                .divide(WHOLE);
        BigInteger warm = BigInteger.valueOf(call.requests()).subtract(cold);
        long coldMicros = call.appMicros() + (rule.startBilled() ? call.startMicros() : 0);
        BigInteger millis =
                warm.multiply(billedMillis(rule, call.appMicros())).add(cold.multiply(billedMillis(rule, coldMicros)));
        return rule.shared() ? ceilDiv(millis, BigInteger.valueOf(call.concurrency())) : millis;
    }

    private static BigInteger billedMillis(TimeRule rule, long micros) {
        return BigInteger.valueOf(
                Math.multiplyExact(Math.ceilDiv(micros, rule.incrementMillis() * 1_000), rule.incrementMillis()));
    }

    private static BigInteger ceilDiv(BigInteger value, BigInteger divisor) {
        return value.add(divisor).subtract(BigInteger.ONE).divide(divisor);
    }
}
