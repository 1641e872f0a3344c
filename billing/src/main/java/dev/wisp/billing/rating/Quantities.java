package dev.wisp.billing.rating;

import java.math.BigInteger;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What was used, per meter in base units; what is missing is 0. */
public record Quantities(Map<Meter, BigInteger> byMeter) {

    public static final Quantities NONE = new Quantities(Map.of());

    public Quantities {
        EnumMap<Meter, BigInteger> copy = new EnumMap<>(Meter.class);
        byMeter.forEach((meter, quantity) -> {
            if (quantity.signum() < 0) {
                throw new IllegalArgumentException("%s=%s, must be >= 0".formatted(meter, quantity));
            }
            if (quantity.signum() > 0) {
                copy.put(meter, quantity);
            }
        });
        byMeter = Collections.unmodifiableMap(copy);
    }

    public BigInteger of(Meter meter) {
        return byMeter.getOrDefault(meter, BigInteger.ZERO);
    }

    public Quantities plus(Quantities other) {
        EnumMap<Meter, BigInteger> sum = new EnumMap<>(Meter.class);
        sum.putAll(byMeter);
        other.byMeter.forEach((meter, quantity) -> sum.merge(meter, quantity, BigInteger::add));
        return new Quantities(sum);
    }
}
