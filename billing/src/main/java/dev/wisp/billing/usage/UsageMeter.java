package dev.wisp.billing.usage;

import java.math.BigInteger;
import java.util.Locale;
import java.util.function.Function;

/** What can be asked about by itself. */
@SuppressWarnings("ImmutableEnumChecker") // Its functions are references to accessors.
public enum UsageMeter {
    INVOCATIONS("calls", UsageSums::invocations),
    ERRORS("calls that did not succeed", UsageSums::errors),
    COLD_STARTS("calls that started an instance", UsageSums::coldStarts),
    QUEUE_TIME("µs held without an instance", UsageSums::queueMicros),
    START_TIME("µs waited for a start", UsageSums::startMicros),
    APP_TIME("µs in the container", UsageSums::appMicros),
    BILLED_TIME("ms billed", UsageSums::billedMillis),
    CPU_TIME("µs of processor time", UsageSums::cpuMicros),
    VCPU_TIME("millicore-ms of processor limit", UsageSums::vcpuMillicoreMillis),
    MEMORY_TIME("byte-ms of memory limit", UsageSums::memoryByteMillis),
    INGRESS("bytes of requests", UsageSums::bytesIn),
    EGRESS("bytes of answers", UsageSums::bytesOut),
    COST("10⁻¹² of the currency, of calls", UsageSums::costPicos),
    IDLE_VCPU_TIME("millicore-µs of processor limit without a call", UsageSums::idleMillicoreMicros),
    IDLE_MEMORY_TIME("byte-µs of memory limit without a call", UsageSums::idleMemoryByteMicros),
    FROZEN_MEMORY_TIME("byte-µs of memory limit frozen", UsageSums::frozenMemoryByteMicros);

    private final String unit;
    private final Function<UsageSums, BigInteger> value;

    UsageMeter(String unit, Function<UsageSums, BigInteger> value) {
        this.unit = unit;
        this.value = value;
    }

    /** What one of it is. */
    public String unit() {
        return unit;
    }

    /** Its name in addresses. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    BigInteger of(UsageSums sums) {
        return value.apply(sums);
    }

    /** Throws a problem for a name that stands for nothing. */
    static UsageMeter ofSlug(String slug) {
        for (UsageMeter meter : values()) {
            if (meter.slug().equals(slug)) {
                return meter;
            }
        }
        throw InvalidParameter.of("meter", slug, "must be one of those of /v1/meters");
    }
}
