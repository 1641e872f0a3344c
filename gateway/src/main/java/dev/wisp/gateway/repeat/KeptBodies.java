package dev.wisp.gateway.repeat;

import java.util.concurrent.atomic.AtomicLong;

/** Memory of bodies that are kept in case they are sent again, for all revisions together; thread-safe. */
public final class KeptBodies {

    private final long bytesMax;
    private final AtomicLong kept = new AtomicLong();

    public KeptBodies(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** False when there is no room: the body is not kept. Each true needs one {@link #give}. */
    public boolean take(long bytes) {
        if (kept.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        kept.addAndGet(-bytes);
        return false;
    }

    public void give(long bytes) {
        kept.addAndGet(-bytes);
    }
}
