package dev.wisp.testkit;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Bus.Subscription;
import dev.wisp.contracts.bus.GroupMember;
import dev.wisp.contracts.bus.Topic;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.route.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What every {@link Bus} must do, so that a test on the one in memory says something about the one over Kafka. Each method throws
 * {@link AssertionError} when the bus breaks the promise it is named after.
 */
public final class BusContract {

    private static final long SECONDS_MAX = 20;

    private final Bus bus;

    public BusContract(Bus bus) {
        this.bus = bus;
    }

    /** A compacted topic tells a late subscriber the last value of every key. */
    public void lateSubscriberSeesWhatIsKept() throws Exception {
        Route route = route("late.default.localhost", 1);
        publish(Topics.ROUTES, route.host(), route);

        BlockingQueue<Delivery<Route>> seen = new LinkedBlockingQueue<>();
        try (Subscription subscription =
                bus.subscribe(Topics.ROUTES, (key, value) -> seen.add(new Delivery<>(key, value)))) {
            subscription.caughtUp().get(SECONDS_MAX, TimeUnit.SECONDS);
            expect(seen, new Delivery<>(route.host(), route));
        }
    }

    /** Values of one key arrive in the order in which they were published, a tombstone as null. */
    public void valuesOfAKeyArriveInOrder() throws Exception {
        BlockingQueue<Delivery<Route>> seen = new LinkedBlockingQueue<>();
        String host = "order.default.localhost";
        try (Subscription subscription =
                bus.subscribe(Topics.ROUTES, (key, value) -> seen.add(new Delivery<>(key, value)))) {
            subscription.caughtUp().get(SECONDS_MAX, TimeUnit.SECONDS);
            publish(Topics.ROUTES, host, route(host, 1));
            publish(Topics.ROUTES, host, route(host, 2));
            publish(Topics.ROUTES, host, null);

            expect(seen, new Delivery<>(host, route(host, 1)));
            expect(seen, new Delivery<>(host, route(host, 2)));
            expect(seen, new Delivery<>(host, null));
        }
    }

    /** A topic that is not compacted tells a subscriber only what comes after it. */
    public void topicThatIsNotKeptStartsNow() throws Exception {
        RevisionId revision = new RevisionId("default", "demand-00001");
        publish(Topics.DEMAND, revision.toString(), demand(revision, 1));

        BlockingQueue<Delivery<DemandReport>> seen = new LinkedBlockingQueue<>();
        try (Subscription subscription =
                bus.subscribe(Topics.DEMAND, (key, value) -> seen.add(new Delivery<>(key, value)))) {
            subscription.caughtUp().get(SECONDS_MAX, TimeUnit.SECONDS);
            publish(Topics.DEMAND, revision.toString(), demand(revision, 2));

            Delivery<DemandReport> first = seen.poll(SECONDS_MAX, TimeUnit.SECONDS);
            check(new Delivery<>(revision.toString(), demand(revision, 2)).equals(first), "first seen was " + first);
        }
    }

    /** The first member of a group has every partition, reads the last while again before it is told to have caught up, and goes on from there. */
    public void memberReadsTheLastWhileAgain() throws Exception {
        RevisionId revision = new RevisionId("default", "again-00001");
        publish(Topics.DEMAND, revision.toString(), demand(revision, 1));

        RecordingMember member = new RecordingMember();
        try (Subscription subscription = bus.share(Topics.DEMAND, new GroupMember("again", ""), member)) {
            subscription.caughtUp().get(SECONDS_MAX, TimeUnit.SECONDS);
            publish(Topics.DEMAND, revision.toString(), demand(revision, 2));

            member.expect("%s %s".formatted(revision, 1), "caught up", "%s %s".formatted(revision, 2));
        }
    }

    /** Who comes after another has a greater term for each partition, also when its process is the same. */
    public void termsGrowWithEveryOwner() throws Exception {
        RecordingMember first = new RecordingMember();
        RecordingMember second = new RecordingMember();
        Subscription held = bus.share(Topics.DEMAND, new GroupMember("terms", ""), first);
        first.expect("caught up");
        held.close();
        try (Subscription subscription = bus.share(Topics.DEMAND, new GroupMember("terms", ""), second)) {
            subscription.caughtUp().get(SECONDS_MAX, TimeUnit.SECONDS);
            second.expect("caught up");

            second.terms().forEach((partition, term) -> {
                Long before = first.terms().get(partition);
                check(before != null && term > before, "term %d after %s".formatted(term, before));
            });
        }
    }

    private <T> void publish(Topic<T> topic, String key, @Nullable T value) throws Exception {
        bus.publish(topic, key, value).get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    private static <T> void expect(BlockingQueue<Delivery<T>> seen, Delivery<T> expected) throws InterruptedException {
        List<Delivery<T>> others = new ArrayList<>();
        Delivery<T> next = seen.poll(SECONDS_MAX, TimeUnit.SECONDS);
        while (next != null && !next.equals(expected)) {
            others.add(next);
            next = seen.poll(SECONDS_MAX, TimeUnit.SECONDS);
        }
        check(next != null, "never saw %s, only %s".formatted(expected, others));
    }

    static void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }

    private static Route route(String host, long generation) {
        return new Route(host, "default", "contract", generation, List.of());
    }

    private static DemandReport demand(RevisionId revision, int inFlight) {
        return new DemandReport(
                revision, "gateway", Instant.EPOCH, 250, inFlight, 0, inFlight, inFlight, inFlight, List.of());
    }

    private record Delivery<T>(String key, @Nullable T value) {}
}
