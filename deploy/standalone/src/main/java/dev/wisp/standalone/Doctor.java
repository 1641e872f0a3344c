package dev.wisp.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.sandbox.HostFeatures;
import dev.wisp.node.sandbox.LinuxSandboxConfig;
import dev.wisp.node.sandbox.LinuxSandboxRuntime;
import dev.wisp.node.sandbox.OutputSink;
import dev.wisp.node.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * What {@code wisp doctor} asks the platform's own code, in a process of its own and without a running platform: which features this host
 * has, as JSON, or the system calls that start a sandbox here.
 */
public final class Doctor {

    private static final String PREFIX = "wisp-doctor";

    /** Above the range of a node's sandboxes, so that a running one is not disturbed. */
    private static final long UID_BASE = 0x8000_0000L;

    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    private static final int PORT = 8080;

    private Doctor() {}

    /** {@code --features}, or {@code --explain-start PROGRAM} with a static program that listens on {@code $PORT}. */
    public static void main(String[] arguments) throws IOException {
        switch (arguments[0]) {
            case "--features" -> System.out.println(new ObjectMapper().writeValueAsString(HostFeatures.probe()));
            case "--explain-start" -> System.out.print(explainStart(Path.of(arguments[1])));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static String explainStart(Path program) throws IOException {
        Path folder = Files.createTempDirectory(PREFIX);
        Path layer = Files.createDirectory(folder.resolve("layer"));
        Path inLayer = Files.copy(program, layer.resolve("program"), StandardCopyOption.COPY_ATTRIBUTES);
        try (LinuxSandboxRuntime runtime = new LinuxSandboxRuntime(
                new LinuxSandboxConfig(folder, PREFIX, UID_BASE, 4, 1, 2), InstantSource.system())) {
            return runtime.explainStart(spec(layer));
        } finally {
            Files.delete(inLayer);
            Files.delete(layer);
            Files.delete(folder);
        }
    }

    private static SandboxSpec spec(Path layer) {
        ProcessSpec process = new ProcessSpec(List.of("/program"), Map.of(), "/", "", 15);
        OutputSink nowhere = (stream, atMicros, bytes) -> {};
        return new SandboxSpec(
                "doctor",
                List.of(layer),
                process,
                Map.of("PORT", Integer.toString(PORT)),
                new Limits(1_000, 64L << 20, 64, 16L << 20),
                PORT,
                START_TIMEOUT,
                nowhere);
    }
}
