package dev.wisp.gateway.admission;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all revisions hold together; shared by event loops. Touched only by requests that are held. */
public final class HoldBudget {

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    int held() {
        return held.get();
    }

    long bytes() {
        return bytes.get();
    }

    void take(long requestBytes) {
        held.incrementAndGet();
        bytes.addAndGet(requestBytes);
    }

    void give(long requestBytes) {
        held.decrementAndGet();
        bytes.addAndGet(-requestBytes);
    }
}
