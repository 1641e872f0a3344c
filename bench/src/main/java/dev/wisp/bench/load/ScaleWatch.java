package dev.wisp.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.bench.platform.BenchService;
import dev.wisp.bench.platform.Platform;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Asks the autoscaler what it decided, a few times a second while a run lasts. */
final class ScaleWatch implements AutoCloseable {

    private static final long PERIOD_MILLIS = 250;

    /** Newest decisions looked through for one of each revision. */
    private static final int LIMIT = 8;

    private final Platform platform;
    private final BenchService service;
    private final long start = System.nanoTime();
    private final List<Scale> seen = new ArrayList<>();
    private final Thread thread;

    private ScaleWatch(Platform platform, BenchService service) {
        this.platform = platform;
        this.service = service;
        this.thread = Thread.ofPlatform().name("scale").daemon().unstarted(this::watch);
    }

    static ScaleWatch start(Platform platform, BenchService service) {
        ScaleWatch watch = new ScaleWatch(platform, service);
        watch.thread.start();
        return watch;
    }

    static Scale now(Platform platform, BenchService service, long atMicros) {
        JsonNode decisions = Platform.successful(
                "reading decisions",
                platform.get("/v1/namespaces/%s/services/%s/decisions?limit=%d"
                        .formatted(BenchService.NAMESPACE, service.name(), LIMIT)));
        Set<String> revisions = new HashSet<>();
        int desired = 0;
        int ready = 0;
        for (JsonNode decision : decisions.path("items")) {
            if (revisions.add(decision.path("revision").toString())) {
                desired += decision.path("desired").asInt();
                ready += decision.path("inputs").path("ready").asInt();
            }
        }
        return new Scale(atMicros, desired, ready);
    }

    /** What was seen so far. */
    synchronized List<Scale> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        try {
            while (true) {
                Scale now = now(platform, service, (System.nanoTime() - start) / 1_000);
                synchronized (this) {
                    seen.add(now);
                }
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
