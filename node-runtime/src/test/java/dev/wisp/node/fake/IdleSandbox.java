package dev.wisp.node.fake;

import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxExit;
import dev.wisp.node.sandbox.SandboxUsage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A sandbox that does nothing and never ends, for tests of what is asked of one; what they do not expect it refuses. */
public class IdleSandbox implements Sandbox {

    private final String id;

    public IdleSandbox(String id) {
        this.id = id;
    }

    @Override
    public final String id() {
        return id;
    }

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
        throw new IllegalStateException("reads files that nobody needs");
    }

    @Override
    public int connect() {
        throw new IllegalStateException("nobody calls it");
    }

    @Override
    public void freeze() {}

    @Override
    public void thaw() {}

    @Override
    public void stop(Duration grace) {}
}
