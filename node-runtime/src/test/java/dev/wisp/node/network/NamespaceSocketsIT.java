package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
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
        CompletableFuture<Boolean> work = occupy(namespaces, namespace, away, back);
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

    /** By the time it could begin, the number of its descriptor may be another's. */
    @Test
    void workThatNobodyWaitsForAnyMoreIsNotBegun() throws InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "namespaces need root");
        int namespace = namespaces.create();
        CountDownLatch away = new CountDownLatch(2);
        CountDownLatch back = new CountDownLatch(1);
        List<CompletableFuture<Boolean>> busy =
                List.of(occupy(namespaces, namespace, away, back), occupy(namespaces, namespace, away, back));
        await(away);
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<Boolean> abandoned = new CompletableFuture<>();
        Thread waiting = asking(abandoned, namespace, () -> begun.compareAndSet(false, true));

        waiting.interrupt();
        waiting.join();
        back.countDown();

        assertThat(abandoned).isCompletedExceptionally();
        assertThat(busy).allSatisfy(one -> assertThat(one.join()).isTrue());
        namespaces.close();
        assertThat(begun).isFalse();
        descriptors.close(namespace);
    }

    /** A socket, say, would be nobody's. */
    @Test
    void whatHasBegunComesToWhoAskedForItEvenWhenInterrupted() throws InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "namespaces need root");
        int namespace = namespaces.create();
        CountDownLatch away = new CountDownLatch(1);
        CountDownLatch back = new CountDownLatch(1);
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        Thread waiting = asking(outcome, namespace, () -> {
            away.countDown();
            await(back);
            return true;
        });
        await(away);

        waiting.interrupt();
        Awaitility.await().until(() -> waiting.getState() == Thread.State.WAITING || outcome.isDone());
        back.countDown();

        assertThat(outcome.join()).isTrue();
        namespaces.close();
        descriptors.close(namespace);
    }

    private Thread asking(CompletableFuture<Boolean> outcome, int namespace, Supplier<Boolean> work) {
        return Thread.ofPlatform().start(() -> {
            try {
                outcome.complete(namespaces.inside(namespace, work));
            } catch (IllegalStateException e) {
                outcome.completeExceptionally(e);
            }
        });
    }

    /** One of the threads that enter namespaces stays in one. */
    static CompletableFuture<Boolean> occupy(
            NamespaceSockets namespaces, int namespace, CountDownLatch away, CountDownLatch back) {
        return CompletableFuture.supplyAsync(
                () -> namespaces.inside(namespace, () -> {
                    away.countDown();
                    await(back);
                    return true;
                }),
                Thread::startVirtualThread);
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
