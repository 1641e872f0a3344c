package dev.wisp.gateway.proxy;

import dev.wisp.gateway.admission.Loop;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.impl.ContextInternal;

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
            inContext(task);
        } else {
            context.runOnContext(ignored -> task.run());
        }
    }

    @Override
    public void after(long millis, Runnable task) {
        // The alarm belongs to the loop, not to the request that happened to set it, whose context Vert.x would keep.
        execute(() -> vertx.setTimer(millis, id -> task.run()));
    }

    /** What comes by way of a {@link PlainGate} has no context yet, and what it sets or waits for would be told on another loop's thread. */
    private void inContext(Runnable task) {
        ContextInternal own = (ContextInternal) context;
        ContextInternal before = own.beginDispatch();
        try {
            task.run();
        } finally {
            own.endDispatch(before);
        }
    }
}
