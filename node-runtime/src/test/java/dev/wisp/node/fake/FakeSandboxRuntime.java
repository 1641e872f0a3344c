package dev.wisp.node.fake;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxRuntime;
import dev.wisp.node.sandbox.SandboxSpec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts {@link FakeSandbox}es, or fails, or waits, as a test says. */
public final class FakeSandboxRuntime implements SandboxRuntime {

    private final FakeContainer container;
    private final List<FakeSandbox> started = new CopyOnWriteArrayList<>();
    private volatile @Nullable Problem failure;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    public FakeSandboxRuntime(FakeContainer container) {
        this.container = container;
    }

    /** From now on every start ends like this; null for success. */
    public void failWith(@Nullable Problem problem) {
        failure = problem;
    }

    /** From now on starts wait until the returned gate is opened. */
    public CountDownLatch hold() {
        gate = new CountDownLatch(1);
        return gate;
    }

    /** Every sandbox that was started, oldest first. */
    public List<FakeSandbox> started() {
        return List.copyOf(started);
    }

    public long running() {
        return started.stream().filter(sandbox -> !sandbox.isStopped()).count();
    }

    @Override
    public Sandbox start(SandboxSpec spec) {
        try {
            if (!gate.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the gate was never opened");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Problem problem = failure;
        if (problem != null) {
            throw new ProblemException(problem);
        }
        FakeSandbox sandbox = new FakeSandbox(spec, container);
        started.add(sandbox);
        return sandbox;
    }

    @Override
    public void close() {
        started.forEach(sandbox -> sandbox.stop(java.time.Duration.ZERO));
    }
}
