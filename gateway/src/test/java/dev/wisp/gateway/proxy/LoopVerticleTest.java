package dev.wisp.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.gateway.GatewayFixture;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handlers in a pipeline run on the loop's thread without a context of Vert.x, which would then choose a loop of its own. */
class LoopVerticleTest {

    private static final long SECONDS_MAX = 20;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
    private final LoopVerticle loop = new LoopVerticle();
    private EventLoop netty;
    private Context own;

    @BeforeEach
    void deploy() throws Exception {
        GatewayFixture.await(vertx.deployVerticle(loop));
        CompletableFuture<Context> context = new CompletableFuture<>();
        loop.execute(() -> context.complete(Vertx.currentContext()));
        own = context.get(SECONDS_MAX, TimeUnit.SECONDS);
        netty = ((ContextInternal) own).nettyEventLoop();
    }

    @AfterEach
    void close() {
        GatewayFixture.await(vertx.close());
    }

    @Test
    void runsAtOnceAndInItsContextForAHandlerThatHasNone() throws Exception {
        CompletableFuture<Context> seen = new CompletableFuture<>();

        boolean atOnce = netty.submit(() -> {
                    loop.execute(() -> seen.complete(Vertx.currentContext()));
                    return seen.isDone() && Vertx.currentContext() == null;
                })
                .get(SECONDS_MAX, TimeUnit.SECONDS);

        assertThat(atOnce).isTrue();
        assertThat(seen).isCompletedWithValue(own);
    }

    @Test
    void tellsOfAnAlarmOnItsOwnThread() throws Exception {
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();

        netty.execute(() -> loop.after(1, () -> onLoop.complete(netty.inEventLoop())));

        assertThat(onLoop.get(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    }
}
