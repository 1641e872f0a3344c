package dev.wisp.standalone;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.GroupMember;
import dev.wisp.contracts.bus.SharedHandler;
import dev.wisp.contracts.bus.Topic;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A bus that tells of one revision and its route, and forgets what it is told: what is rehearsed is no news for anybody. */
final class RehearsalBus implements Bus {

    private final RevisionSpec revision;
    private final Route route;

    RehearsalBus(RevisionSpec revision, Route route) {
        this.revision = revision;
        this.route = route;
    }

    @Override
    public <T> CompletableFuture<Void> publish(Topic<T> topic, String key, @Nullable T value) {
        if (value != null && !topic.equals(Topics.INVOCATIONS)) {
            // As the real one would, for the same reason as everything else here.
            WireJson.write(value);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public <T> Subscription subscribe(Topic<T> topic, BiConsumer<String, @Nullable T> handler) {
        if (topic.equals(Topics.REVISIONS)) {
            handler.accept(revision.id().toString(), topic.type().cast(revision));
        } else if (topic.equals(Topics.ROUTES)) {
            handler.accept(route.host(), topic.type().cast(route));
        }
        return new Nothing();
    }

    /** Nobody decides in a rehearsal. */
    @Override
    public <T> Subscription share(Topic<T> topic, GroupMember member, SharedHandler<T> handler) {
        return new Nothing();
    }

    @Override
    public void close() {}

    private static final class Nothing implements Subscription {

        @Override
        public CompletableFuture<Void> caughtUp() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
