package dev.wisp.node.image;

import dev.wisp.contracts.oci.Digest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;

/** One fetch a layer at a time: who asks while it runs gets its outcome. Thread-safe. */
final class LayerFlights {

    private final LayerFetcher fetcher;
    private final Executor workers;
    private final ConcurrentMap<Digest, CompletableFuture<LayerRecord>> flights = new ConcurrentHashMap<>();

    LayerFlights(LayerFetcher fetcher, Executor workers) {
        this.fetcher = fetcher;
        this.workers = workers;
    }

    CompletableFuture<LayerRecord> join(LayerFetcher.Order order) {
        Digest digest = order.layer().digest();
        CompletableFuture<LayerRecord> mine = new CompletableFuture<>();
        CompletableFuture<LayerRecord> running = flights.putIfAbsent(digest, mine);
        if (running != null) {
            return running;
        }
        workers.execute(() -> land(order, mine));
        return mine;
    }

    /** The flight ends before its outcome is known: who asks then finds the layer in the store, or tries anew. */
    private void land(LayerFetcher.Order order, CompletableFuture<LayerRecord> flight) {
        try {
            LayerRecord layer = fetcher.fetch(order);
            flights.remove(order.layer().digest(), flight);
            flight.complete(layer);
        } catch (RuntimeException | Error e) {
            flights.remove(order.layer().digest(), flight);
            flight.completeExceptionally(e);
        }
    }
}
