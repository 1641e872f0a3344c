package dev.wisp.bench.sandbox;

import dev.wisp.node.network.EgressConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A runtime in a process of its own with sandboxes that stay alive: how many fit into one is bounded by its descriptors. */
final class CrowdChild implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String READY = "ready";
    private static final String ASK = "ask";

    private final JavaChild child;

    private CrowdChild(JavaChild child) {
        this.child = child;
    }

    /** @param uidBase of a range that no other runtime uses */
    static CrowdChild start(Path root, int count, long uidBase) {
        return new CrowdChild(JavaChild.start(
                CrowdChild.class,
                List.of("-Xmx512m"),
                List.of(root.toString(), Integer.toString(count), Long.toString(uidBase))));
    }

    /** Waits until all its sandboxes have been started, and tells what their groups are charged. */
    long awaitFilled() {
        return Long.parseLong(child.awaitLine(PATIENCE).substring(READY.length() + 1));
    }

    /** How long each of its sandboxes takes to answer. */
    List<Long> askMicros() {
        child.tell(ASK);
        return Arrays.stream(child.awaitLine(PATIENCE).split(" "))
                .map(Long::parseLong)
                .toList();
    }

    /** Ends the sandboxes and the process. */
    @Override
    public void close() {
        try (JavaChild ending = child) {
            ending.tell("end");
            ending.awaitEnd(PATIENCE);
        }
    }

    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[1]);
        String prefix = SandboxHost.prefix(ProcessHandle.current().pid());
        try (SandboxHost host = SandboxHost.open(
                        StartBench.program(Path.of(arguments[0])),
                        new SandboxHost.Size(count + LiveBench.SPARE, 1, 4),
                        EgressConfig.byDefault(prefix),
                        Long.parseLong(arguments[2]));
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Crowd crowd = new Crowd(host);
            crowd.fill(count);
            System.out.println(READY + " " + crowd.chargedBytes());
            while (ASK.equals(commands.readLine())) {
                System.out.println(
                        crowd.askMicros().stream().map(String::valueOf).collect(Collectors.joining(" ")));
            }
            crowd.stop();
        }
    }
}
