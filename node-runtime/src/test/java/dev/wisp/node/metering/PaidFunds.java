package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.Funds;
import java.util.concurrent.atomic.AtomicBoolean;

/** So much and no more. */
record PaidFunds(long bytes, long millis, AtomicBoolean out) implements Funds {

    PaidFunds(long bytes, long millis) {
        this(bytes, millis, new AtomicBoolean());
    }

    @Override
    public boolean coverBytes(long bytesOut) {
        return bytesOut <= bytes;
    }

    @Override
    public long coverMillis(long wanted) {
        return millis;
    }

    @Override
    public void ranOut() {
        out.set(true);
    }
}
