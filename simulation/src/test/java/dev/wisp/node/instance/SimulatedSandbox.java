package dev.wisp.node.instance;

import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxExit;
import dev.wisp.node.sandbox.SandboxUsage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A sandbox of which only the freezing is asked: its life is {@link SimulatedNode}'s. */
record SimulatedSandbox(String id) implements Sandbox {

    private static final SandboxUsage USAGE = new SandboxUsage(0, 16 << 20, 16 << 20);

    @Override
    public StartTiming timing() {
        return new StartTiming(0, List.of());
    }

    @Override
    public CompletableFuture<SandboxExit> exit() {
        return new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<Void> released() {
        return new CompletableFuture<>();
    }

    @Override
    public SandboxUsage usage() {
        return USAGE;
    }

    @Override
    public int connect() {
        throw new IllegalStateException("nothing is sent to a simulated sandbox");
    }

    @Override
    public void freeze() {}

    @Override
    public void thaw() {}

    @Override
    public void stop(Duration grace) {}
}
