package dev.wisp.bench.sandbox;

import java.nio.file.Path;
import java.time.Duration;

/** A runtime to be killed: it never ends by itself, and always has sandboxes parked, running, starting and ending. */
final class KillVictim {

    private static final SandboxHost.Size SIZE = new SandboxHost.Size(64, 3, 8);

    private KillVictim() {}

    public static void main(String[] arguments) {
        SandboxHost host = SandboxHost.open(StartBench.program(Path.of(arguments[0])), SIZE);
        host.start();
        host.start();
        System.out.println("ready");
        System.out.flush();
        while (true) {
            host.start().sandbox().stop(Duration.ZERO);
        }
    }
}
