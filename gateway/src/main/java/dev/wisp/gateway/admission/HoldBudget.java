package dev.wisp.gateway.admission;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all revisions hold together, and each account of it; shared by event loops. Touched only by requests that are held. */
public final class HoldBudget {

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    /** Of accounts that hold anything, so that it does not grow with all that ever did. */
    private final ConcurrentHashMap<String, Share> accounts = new ConcurrentHashMap<>();

    /** Requests that are held and the memory they are estimated to take. */
    public record Share(int held, long bytes) {

        static final Share NONE = new Share(0, 0);

        private Share plus(Share other) {
            return new Share(held + other.held, bytes + other.bytes);
        }
    }

    Share inAll() {
        return new Share(held.get(), bytes.get());
    }

    Share of(String account) {
        return accounts.getOrDefault(account, Share.NONE);
    }

    void take(String account, long requestBytes) {
        held.incrementAndGet();
        bytes.addAndGet(requestBytes);
        accounts.merge(account, new Share(1, requestBytes), Share::plus);
    }

    void give(String account, long requestBytes) {
        held.decrementAndGet();
        bytes.addAndGet(-requestBytes);
        accounts.compute(account, (name, share) -> {
            Share left = share == null ? Share.NONE : share.plus(new Share(-1, -requestBytes));
            return left.held() <= 0 ? null : left;
        });
    }
}
