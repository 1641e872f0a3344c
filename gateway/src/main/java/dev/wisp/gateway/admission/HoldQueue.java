package dev.wisp.gateway.admission;

import org.jspecify.annotations.Nullable;

/**
 * Held requests of one revision, in order of arrival. The links are in the exchanges themselves, so that one whose caller went away
 * leaves in constant time. Owned by the revision's event loop.
 */
final class HoldQueue {

    private @Nullable Exchange first;
    private @Nullable Exchange last;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return first == null;
    }

    boolean contains(Exchange exchange) {
        return exchange.before != null || exchange == first;
    }

    /** The one held longest, null when there is none. */
    @Nullable
    Exchange first() {
        return first;
    }

    void addLast(Exchange exchange) {
        exchange.before = last;
        exchange.after = null;
        if (last == null) {
            first = exchange;
        } else {
            last.after = exchange;
        }
        last = exchange;
        size++;
    }

    /** For one that an instance refused: back to its place, which is at the front or near it. */
    void addInOrder(Exchange exchange) {
        Exchange after = first;
        while (after != null && after.arrivedNanos() - exchange.arrivedNanos() <= 0) {
            after = after.after;
        }
        if (after == null) {
            addLast(exchange);
            return;
        }
        Exchange before = after.before;
        exchange.before = before;
        exchange.after = after;
        after.before = exchange;
        if (before == null) {
            first = exchange;
        } else {
            before.after = exchange;
        }
        size++;
    }

    /** The exchange must be in this queue. */
    void remove(Exchange exchange) {
        Exchange before = exchange.before;
        Exchange after = exchange.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        exchange.before = null;
        exchange.after = null;
        size--;
    }
}
