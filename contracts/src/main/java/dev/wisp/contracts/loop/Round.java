package dev.wisp.contracts.loop;

import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop that have something to send when its present round ends; one of each loop's thread. */
final class Round {

    /** System property; {@code false} has every connection send for itself. */
    static final String SWITCH = "wisp.loop.io-uring";

    private static final Logger LOG = Logger.getLogger(Round.class);

    private static final FastThreadLocal<Round> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected Round initialValue() {
            return new Round(Boolean.parseBoolean(System.getProperty(SWITCH, "true")) ? SendRing.open() : null);
        }

        @Override
        protected void onRemoval(Round ended) {
            ended.close();
        }
    };

    private final int[] results = new int[SendRing.CAPACITY];
    private final Runnable end = this::ended;
    private @Nullable SendRing ring;
    private final @Nullable RoundWrites[] waiting = new RoundWrites[SendRing.CAPACITY];
    private final @Nullable RoundWrites[] sending = new RoundWrites[SendRing.CAPACITY];
    private int count;
    private boolean ending;
    private boolean telling;

    private Round(@Nullable SendRing ring) {
        this.ring = ring;
    }

    static Round ofThread() {
        return OF_THREAD.get();
    }

    /** Whether anything is sent at the end of rounds here. */
    boolean isPossible() {
        return ring != null;
    }

    /** False when there is no room: the connection sends for itself. */
    boolean add(RoundWrites connection, SingleThreadEventLoop loop) {
        if (count == SendRing.CAPACITY && !telling) {
            send();
        }
        if (ring == null || count == SendRing.CAPACITY) {
            return false;
        }
        if (!ending) {
            ending = true;
            loop.executeAfterEventLoopIteration(end);
        }
        waiting[count++] = connection;
        return true;
    }

    private void ended() {
        ending = false;
        send();
    }

    private void send() {
        SendRing here = ring;
        int sends = here == null ? 0 : gather(here);
        if (here == null || sends == 0) {
            return;
        }
        try {
            here.submit(results);
        } catch (IllegalStateException e) {
            giveUp(e, sends);
            return;
        }
        // Whoever is told may have more to send, also on connections that are told after it.
        telling = true;
        for (int at = 0; at < sends; at++) {
            RoundWrites connection = sending[at];
            sending[at] = null;
            if (connection != null) {
                tell(connection, results[at]);
            }
        }
        telling = false;
    }

    /** A fault of one connection's is no other's. */
    private static void tell(RoundWrites connection, int result) {
        try {
            connection.sent(result);
        } catch (RuntimeException e) {
            fail(connection, e);
        }
    }

    private static void fail(RoundWrites connection, RuntimeException why) {
        LOG.error("a connection is closed for what it had to send", why);
        connection.lost();
    }

    private static boolean isAdded(RoundWrites connection, SendRing to) {
        try {
            return connection.addTo(to);
        } catch (RuntimeException e) {
            fail(connection, e);
            return false;
        }
    }

    private int gather(SendRing here) {
        int sends = 0;
        for (int at = 0; at < count; at++) {
            RoundWrites connection = waiting[at];
            waiting[at] = null;
            if (connection != null && isAdded(connection, here)) {
                sending[sends++] = connection;
            }
        }
        count = 0;
        return sends;
    }

    /** What was not told may have been sent or not: none of these connections can go on. */
    private void giveUp(IllegalStateException why, int sends) {
        LOG.errorf("io_uring is given up on this event loop, %d connections are closed: %s", sends, why.getMessage());
        close();
        for (int at = 0; at < sends; at++) {
            RoundWrites connection = sending[at];
            sending[at] = null;
            if (connection != null) {
                connection.lost();
            }
        }
    }

    private void close() {
        SendRing closing = ring;
        ring = null;
        if (closing != null) {
            closing.close();
        }
    }
}
