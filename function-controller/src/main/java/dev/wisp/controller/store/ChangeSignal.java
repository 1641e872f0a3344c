package dev.wisp.controller.store;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells those who wait inside this process that a service was written. A signal can be missed (another replica wrote, or the wait
 * began late), so whoever waits looks again after a bounded time. Thread-safe.
 */
@Singleton
public final class ChangeSignal {

    private final Map<String, Set<UniEmitter<? super Void>>> waiting = new ConcurrentHashMap<>();
    private final List<Runnable> always = new CopyOnWriteArrayList<>();

    /** Completes on the next write of a service, at the latest after {@code atMost}. */
    public Uni<Void> next(String namespace, String service, Duration atMost) {
        String key = namespace + "/" + service;
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    add(key, emitter);
                    emitter.onTermination(() -> remove(key, emitter));
                })
                .ifNoItem()
                .after(atMost)
                .recoverWithItem((Void) null);
    }

    /** Runs after every write; must not block. */
    public void onEveryWrite(Runnable listener) {
        always.add(listener);
    }

    void written(String namespace, String service) {
        Set<UniEmitter<? super Void>> woken = waiting.remove(namespace + "/" + service);
        if (woken != null) {
            woken.forEach(emitter -> emitter.complete(null));
        }
        always.forEach(Runnable::run);
    }

    private void add(String key, UniEmitter<? super Void> emitter) {
        waiting.compute(key, (same, emitters) -> {
            Set<UniEmitter<? super Void>> all = emitters == null ? ConcurrentHashMap.newKeySet() : emitters;
            all.add(emitter);
            return all;
        });
    }

    private void remove(String key, UniEmitter<? super Void> emitter) {
        waiting.computeIfPresent(key, (same, emitters) -> {
            emitters.remove(emitter);
            return emitters.isEmpty() ? null : emitters;
        });
    }
}
