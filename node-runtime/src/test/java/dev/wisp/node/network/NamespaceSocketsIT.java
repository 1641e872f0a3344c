package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class NamespaceSocketsIT {

    private final Kernel kernel = Kernel.load();
    private final Descriptors descriptors = new Descriptors(kernel);
    private final NamespaceSockets namespaces =
            new NamespaceSockets(descriptors, new Processes(kernel), new Sockets(kernel));

    /** Closed under it, the way home would be no descriptor any more, or another's. */
    @Test
    void closingWaitsForTheThreadThatIsAway() {
        assumeTrue("root".equals(System.getProperty("user.name")), "namespaces need root");
        int namespace = namespaces.create();
        CountDownLatch away = new CountDownLatch(1);
        CountDownLatch back = new CountDownLatch(1);
        CompletableFuture<Boolean> work = CompletableFuture.supplyAsync(() -> namespaces.inside(namespace, () -> {
            away.countDown();
            await(back);
            return true;
        }));
        await(away);
        Thread closer = Thread.ofPlatform().start(namespaces::close);

        Awaitility.await()
                .atMost(Duration.ofSeconds(3))
                .until(() -> closer.getState() != Thread.State.RUNNABLE && closer.getState() != Thread.State.NEW);
        assertThat(closer.isAlive()).isTrue();
        back.countDown();

        assertThat(work.join()).isTrue();
        descriptors.close(namespace);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
