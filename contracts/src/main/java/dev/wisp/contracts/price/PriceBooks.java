package dev.wisp.contracts.price;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every version of the prices that is known. Which one a call has depends on when it was received and on nothing else. */
public record PriceBooks(Map<Integer, PriceBook> byVersion) {

    /** What a node knows before it has heard of any other. */
    public static final PriceBooks DEFAULT = new PriceBooks(Map.of(PriceBook.DEFAULT.version(), PriceBook.DEFAULT));

    private static final Comparator<PriceBook> LATER =
            Comparator.comparing(PriceBook::effectiveFrom).thenComparingInt(PriceBook::version);

    public PriceBooks {
        byVersion = Map.copyOf(byVersion);
    }

    public @Nullable PriceBook version(int version) {
        return byVersion.get(version);
    }

    /** With this version added, or in place of what had its number. */
    public PriceBooks with(PriceBook book) {
        Map<Integer, PriceBook> more = new TreeMap<>(byVersion);
        more.put(book.version(), book);
        return new PriceBooks(more);
    }

    /**
     * The version in force: of those that have begun, the one that began last, and of two at one moment the higher number. Throws
     * {@link IllegalStateException} before the first.
     */
    public PriceBook at(Instant receivedAt) {
        PriceBook latest = null;
        for (PriceBook book : byVersion.values()) {
            boolean begun = !book.effectiveFrom().isAfter(receivedAt);
            if (begun && (latest == null || LATER.compare(book, latest) > 0)) {
                latest = book;
            }
        }
        if (latest == null) {
            throw new IllegalStateException("no prices at %s".formatted(receivedAt));
        }
        return latest;
    }
}
