package dev.wisp.gateway.routing;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topic;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.gateway.routing.PlatformView.Change;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Keeps {@link PlatformView} up to date from the bus and on disk. One virtual thread owns the state: it takes all that waits, makes one
 * new view of it, tells the listener, and writes the file at most every {@link #WRITE_DELAY}. {@link #view()} is thread-safe.
 */
public final class PlatformFeed implements AutoCloseable {

    /** How long changes may be in memory only. */
    static final Duration WRITE_DELAY = Duration.ofMillis(250);

    private static final Logger LOG = Logger.getLogger(PlatformFeed.class);
    private static final int PENDING_MAX = 4_096;
    private static final List<Topic<?>> TOPICS =
            List.of(Topics.REVISIONS, Topics.ROUTES, Topics.PLANS, Topics.INSTANCES, Topics.NODES);

    /** Stands for "the topic was read to its end", in the same queue so that it keeps its place. */
    private static final String CAUGHT_UP = "\u0000caught-up";

    /** The last element of the queue; not an interrupt, which would break a write of the file off. */
    private static final Change CLOSE = new Change("", "", null);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Bus bus;
    private final SnapshotFile file;
    private final Consumer<List<Change>> listener;
    private final BlockingQueue<Change> pending = new ArrayBlockingQueue<>(PENDING_MAX);
    private final AtomicReference<PlatformView> view = new AtomicReference<>(PlatformView.EMPTY);
    private final Map<String, Set<String>> seen = new HashMap<>();
    private final List<Bus.Subscription> subscriptions = new ArrayList<>();
    private final Thread owner;
    private long writeAtNanos = Long.MAX_VALUE;

    /** The listener is told of changes after {@link #view()} has them, on the feed's own thread; it must not block. */
    public PlatformFeed(Bus bus, Path stateDirectory, Consumer<List<Change>> listener) {
        this.bus = bus;
        this.file = new SnapshotFile(stateDirectory);
        this.listener = listener;
        this.owner = Thread.ofVirtual().name("gateway-platform-feed").unstarted(this::run);
    }

    public PlatformView view() {
        return view.get();
    }

    /** Takes the state on disk at once, then follows the bus; needs no bus to return. */
    public void start() {
        TOPICS.forEach(topic -> seen.put(topic.name(), new HashSet<>()));
        view.set(file.read());
        owner.start();
        TOPICS.forEach(this::follow);
    }

    @Override
    public void close() {
        subscriptions.forEach(Bus.Subscription::close);
        enqueue(CLOSE);
        try {
            if (!owner.join(CLOSE_TIMEOUT)) {
                owner.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> void follow(Topic<T> topic) {
        String name = topic.name();
        Bus.Subscription subscription = bus.subscribe(topic, (key, value) -> enqueue(new Change(name, key, value)));
        subscriptions.add(subscription);
        subscription.caughtUp().thenRun(() -> enqueue(new Change(name, CAUGHT_UP, null)));
    }

    /** Waits when the owner is behind: that slows a topic's reader, never a request. */
    private void enqueue(Change change) {
        try {
            pending.put(change);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            List<Change> batch = new ArrayList<>();
            while (!batch.contains(CLOSE)) {
                batch.clear();
                takeAll(batch);
                apply(batch);
                writeIfDue(System.nanoTime());
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted while closing");
        }
        writeIfDue(Long.MAX_VALUE);
    }

    private void takeAll(List<Change> batch) throws InterruptedException {
        Change first = writeAtNanos == Long.MAX_VALUE
                ? pending.take()
                : pending.poll(writeAtNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (first != null) {
            batch.add(first);
            pending.drainTo(batch);
        }
    }

    private void apply(List<Change> batch) {
        List<Change> changes = new ArrayList<>(batch.size());
        for (Change change : batch) {
            if (!change.equals(CLOSE)) {
                note(change, changes);
            }
        }
        if (changes.isEmpty()) {
            return;
        }
        view.set(view.get().with(changes));
        if (writeAtNanos == Long.MAX_VALUE) {
            writeAtNanos = System.nanoTime() + WRITE_DELAY.toNanos();
        }
        tell(changes);
    }

    private void note(Change change, List<Change> changes) {
        Set<String> keys = seen.get(change.topic());
        if (change.key().equals(CAUGHT_UP)) {
            seen.remove(change.topic());
            changes.addAll(keys == null ? List.of() : forgotten(change.topic(), keys));
        } else {
            if (keys != null) {
                keys.add(change.key());
            }
            changes.add(change);
        }
    }

    /**
     * What was on disk but is no longer in the topic: its tombstone came and went while this gateway was down. A topic without any
     * value says nothing: a broker that lost its data must not undo what is deployed.
     */
    private List<Change> forgotten(String topic, Set<String> present) {
        List<Change> tombstones = new ArrayList<>();
        if (present.isEmpty()) {
            return tombstones;
        }
        for (String key : keysOf(topic)) {
            if (!present.contains(key)) {
                tombstones.add(new Change(topic, key, null));
            }
        }
        return tombstones;
    }

    private Set<String> keysOf(String topic) {
        PlatformView now = view.get();
        Map<String, ?> values = Map.of(
                        Topics.ROUTES.name(), now.routes(),
                        Topics.REVISIONS.name(), now.revisions(),
                        Topics.PLANS.name(), now.plans(),
                        Topics.INSTANCES.name(), now.instances(),
                        Topics.NODES.name(), now.nodes())
                .getOrDefault(topic, Map.of());
        return values.keySet();
    }

    private void tell(List<Change> changes) {
        try {
            listener.accept(changes);
        } catch (RuntimeException e) {
            LOG.error("a change of the platform's state was not taken in", e);
        }
    }

    private void writeIfDue(long nowNanos) {
        if (writeAtNanos != Long.MAX_VALUE && nowNanos >= writeAtNanos) {
            writeAtNanos = Long.MAX_VALUE;
            file.write(view.get());
        }
    }
}
