package dev.wisp.billing.rating;

import java.math.BigInteger;

/** What is counted, in whole base units, and how many of them a price is for. */
public enum Meter {
    /** Billed invocations. */
    REQUESTS("Requests", "Requests", 1),
    /** Processor time that was used, in microseconds; priced by the core-second. */
    CPU_TIME("CPU time", "Core-Seconds", 1_000_000),
    /** Processors held for the billed time, in millicore-milliseconds; priced by the vCPU-second. */
    VCPU_TIME("vCPU time", "Core-Seconds", 1_000_000),
    /** Memory limit held for the billed time, in byte-milliseconds; priced by the GiB-second. */
    MEMORY_TIME("Memory time", "GiB-Seconds", 1_000L << 30),
    /** Disk held for the billed time, in byte-milliseconds; priced by the GB-second. */
    DISK_TIME("Disk time", "GB-Seconds", 1_000_000_000_000L),
    /** Bytes of answers; priced by the GB. */
    EGRESS("Egress", "GB", 1_000_000_000),
    /** Processors of instances kept warm without a request, in millicore-milliseconds. */
    IDLE_VCPU_TIME("Idle vCPU time", "Core-Seconds", 1_000_000),
    /** Memory of instances kept warm without a request, in byte-milliseconds. */
    IDLE_MEMORY_TIME("Idle memory time", "GiB-Seconds", 1_000L << 30);

    private final String title;
    private final String unit;
    private final BigInteger baseUnitsPerUnit;

    Meter(String title, String unit, long baseUnitsPerUnit) {
        this.title = title;
        this.unit = unit;
        this.baseUnitsPerUnit = BigInteger.valueOf(baseUnitsPerUnit);
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** What a price is for, in FOCUS' words. */
    public String unit() {
        return unit;
    }

    public BigInteger baseUnitsPerUnit() {
        return baseUnitsPerUnit;
    }

    /** So many priced units in base units. */
    public BigInteger units(long count) {
        return baseUnitsPerUnit.multiply(BigInteger.valueOf(count));
    }
}
