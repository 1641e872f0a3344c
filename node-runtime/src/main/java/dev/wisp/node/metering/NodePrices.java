package dev.wisp.node.metering;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The prices this node has heard of. A call's are those in force when it was received, so that the node, billing and anyone who checks
 * come to the same version; until the topic has been read the first version stands, and billing corrects what was rated with it.
 * Thread-safe.
 */
public final class NodePrices implements AutoCloseable {

    private final AtomicReference<PriceBooks> books = new AtomicReference<>(PriceBooks.DEFAULT);
    private final Bus.Subscription subscription;
    private volatile PriceSpan lastAsked = PriceSpan.of(PriceBooks.DEFAULT, 0);

    public NodePrices(Bus bus) {
        this.subscription = bus.subscribe(Topics.PRICES, this::heard);
    }

    @SuppressWarnings("ReferenceEquality") // Whether they are the very ones that were looked through.
    PriceBook at(long receivedAtMicros) {
        PriceBooks known = books.get();
        PriceSpan last = lastAsked;
        if (last.books() == known && last.holds(receivedAtMicros)) {
            return last.book();
        }
        PriceSpan found = PriceSpan.of(known, receivedAtMicros);
        lastAsked = found;
        return found.book();
    }

    @Override
    public void close() {
        subscription.close();
    }

    /** A version is never taken back. */
    private void heard(String key, @Nullable PriceBook book) {
        if (book != null) {
            books.updateAndGet(known -> known.with(book));
        }
    }
}
