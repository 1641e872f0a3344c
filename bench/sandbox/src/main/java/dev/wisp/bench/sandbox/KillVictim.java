package dev.wisp.bench.sandbox;

import dev.wisp.contracts.revision.NetworkSpec;
import java.nio.file.Path;
import java.time.Duration;

/** A runtime to be killed: it never ends by itself, and always has sandboxes parked, running, starting and ending, with and without egress. */
final class KillVictim {

    private KillVictim() {}

    public static void main(String[] arguments) {
        String prefix = SandboxHost.prefix(ProcessHandle.current().pid());
        SandboxHost host = SandboxHost.open(
                StartBench.program(Path.of(arguments[0])),
                KillBench.SIZE,
                Uplink.config(Long.parseLong(arguments[1]), prefix, KillBench.POOL, KillBench.READY_MAX),
                SandboxHost.UID_BASE);
        host.start();
        host.startWith(KillBench.EGRESS);
        System.out.println("ready");
        System.out.flush();
        while (true) {
            host.startWith(NetworkSpec.NONE).sandbox().stop(Duration.ZERO);
            host.startWith(KillBench.EGRESS).sandbox().stop(Duration.ZERO);
        }
    }
}
