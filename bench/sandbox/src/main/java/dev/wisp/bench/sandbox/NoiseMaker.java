package dev.wisp.bench.sandbox;

import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.BenchException;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxSpec;
import dev.wisp.samples.build.SharedLibraries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A sandbox with this host's stress-ng in it. */
final class NoiseMaker {

    static final long MEMORY_BYTES = 128L << 20;

    private static final String PROGRAM = "stress-ng";
    private static final String BEGUN = "dispatching hogs";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Without a copy of the program beside it nothing would listen; and what is killed for want of memory begins again. */
    private static final String SCRIPT = "/hello & while :; do /stress-ng --temp-path /tmp \"$@\"; done";

    private final SandboxHost host;
    private final Path layer;

    private NoiseMaker(SandboxHost host, Path layer) {
        this.host = host;
        this.layer = layer;
    }

    static NoiseMaker install(SandboxHost host) {
        Path program = Programs.find(PROGRAM)
                .orElseThrow(() -> new BenchException("no stress-ng on this host: apt-get install stress-ng"));
        try {
            Path layer = host.newLayer("noise");
            copy(program, layer.resolve(PROGRAM));
            copy(Path.of("/bin/sh").toRealPath(), layer.resolve("sh"));
            for (Path binary : List.of(program, Path.of("/bin/sh"))) {
                for (Path library : SharedLibraries.neededBy(binary)) {
                    copy(library.toRealPath(), layer.resolve(library.toString().substring(1)));
                }
            }
            return new NoiseMaker(host, layer);
        } catch (IOException e) {
            throw new BenchException("cannot make an image of stress-ng: " + e.getMessage(), e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        if (Files.notExists(to) && !Files.copy(from, to).toFile().setExecutable(true, false)) {
            throw new IOException("cannot make %s executable".formatted(to));
        }
    }

    /** Runs something from when the noise has begun, and ends the noise. */
    void during(Noise noise, Runnable work) {
        CountDownLatch begun = new CountDownLatch(1);
        Sandbox sandbox = host.runtime().start(spec(noise, begun));
        try {
            if (!begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchException("stress-ng %s does not begin".formatted(noise.options()));
            }
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        } finally {
            sandbox.stop(Duration.ZERO);
        }
    }

    private SandboxSpec spec(Noise noise, CountDownLatch begun) {
        SandboxSpec hello = host.spec();
        List<String> command = Stream.concat(List.of("/sh", "-c", SCRIPT, "sh").stream(), noise.options().stream())
                .toList();
        return new SandboxSpec(
                hello.id(),
                List.of(hello.layers().getFirst(), layer),
                new ProcessSpec(command, Map.of("LOG", "off"), "/", "", 15),
                hello.platformEnv(),
                new Limits(1_000, MEMORY_BYTES, 64, 16L << 20),
                hello.port(),
                hello.startTimeout(),
                (stream, atMicros, line) -> {
                    if (new String(line, StandardCharsets.UTF_8).contains(BEGUN)) {
                        begun.countDown();
                    }
                });
    }
}
