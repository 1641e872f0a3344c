package dev.wisp.gateway.proxy;

import dev.wisp.gateway.admission.Loop;
import io.vertx.core.AbstractVerticle;

/** One Vert.x event loop as a {@link Loop}; usable once deployed. */
final class LoopVerticle extends AbstractVerticle implements Loop {

    private volatile Thread thread = Thread.currentThread();

    @Override
    public void start() {
        thread = Thread.currentThread();
    }

    @Override
    public void execute(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
        } else {
            context.runOnContext(ignored -> task.run());
        }
    }

    @Override
    public void after(long millis, Runnable task) {
        // The alarm belongs to the loop, not to the request that happened to set it, whose context Vert.x would keep.
        execute(() -> vertx.setTimer(millis, id -> task.run()));
    }
}
