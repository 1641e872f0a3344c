package dev.wisp.contracts.bus;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group that shares a topic. Every method is called on the reader's thread and must not throw; for each partition in this
 * order: {@link #assigned}, values that are read again, {@link #caughtUp}, values, {@link #revoked}.
 */
public interface SharedHandler<T> {

    /** How far back a partition that comes to this member is read again. */
    Duration reread();

    /** The greatest term that was ever heard of. Terms go on from there when the group's own count of them was lost. */
    long termSeen();

    /**
     * The partition is this member's from now on.
     *
     * @param partitions how many the topic has; see {@link Partitions#of}
     * @param term greater than that of every owner of this partition before
     */
    void assigned(int partition, int partitions, long term);

    /** A value; it may come twice. */
    void value(String key, @Nullable T value);

    /** What was in the partition when it was assigned has been delivered. */
    void caughtUp(int partition);

    /** The partition is another's. Who falls silent is told late: what it says meanwhile must be refused by its term. */
    void revoked(int partition);
}
