package dev.wisp.bench.sandbox;

import dev.wisp.bench.peer.Peer;
import dev.wisp.bench.process.OwnCpu;
import java.time.Duration;

/** Wisp's own sandbox. Nothing is left of a start when the next is asked for: it is destroyed, and the pool is full again. */
final class SandboxPeer implements Peer {

    private final SandboxHost host;
    private long cpuMicros;

    SandboxPeer(SandboxHost host) {
        this.host = host;
    }

    @Override
    public String name() {
        return "wisp";
    }

    @Override
    public long startMicros() {
        long before = OwnCpu.micros() + OwnCpu.childrenMicros();
        SandboxHost.Started started = host.start();
        started.sandbox().stop(Duration.ZERO);
        host.settle();
        cpuMicros += OwnCpu.micros() + OwnCpu.childrenMicros() - before;
        return started.micros();
    }

    /** All threads of this process and the sandbox itself, from the call until everything is given back and the pool is full again. */
    @Override
    public long cpuMicros() {
        return cpuMicros;
    }

    @Override
    public void close() {
        host.close();
    }
}
