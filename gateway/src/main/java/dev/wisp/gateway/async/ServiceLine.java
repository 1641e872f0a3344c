package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncInvocation;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Calls of one service in the order in which they are due, and how many are under way. Guarded by its book. */
final class ServiceLine {

    private final PriorityQueue<Place> places =
            new PriorityQueue<>(Comparator.comparing(Place::dueAt).thenComparing(Place::id));
    private int inFlight;

    private record Place(Instant dueAt, String id) {}

    /** A call may have several places; those that it has left are passed over. */
    void add(String id, Instant dueAt) {
        places.add(new Place(dueAt, id));
    }

    /** The first call that waits, as the function knows it, at the place it has now. */
    @Nullable
    AsyncInvocation first(Function<String, @Nullable AsyncInvocation> waiting) {
        for (Place place = places.peek(); place != null; place = places.peek()) {
            AsyncInvocation invocation = waiting.apply(place.id());
            if (invocation != null
                    && invocation.call() != null
                    && invocation.call().dueAt().equals(place.dueAt())) {
                return invocation;
            }
            places.remove();
        }
        return null;
    }

    void removeIf(Predicate<String> gone) {
        places.removeIf(place -> gone.test(place.id()));
    }

    void began() {
        places.remove();
        inFlight++;
    }

    void ended() {
        inFlight--;
    }

    int inFlight() {
        return inFlight;
    }

    boolean isIdle() {
        return inFlight == 0 && places.isEmpty();
    }
}
