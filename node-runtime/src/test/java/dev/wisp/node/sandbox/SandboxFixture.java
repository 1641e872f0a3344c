package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.testkit.FolderTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A runtime on the real kernel with an image that holds nothing but {@code /probe}. */
final class SandboxFixture implements AutoCloseable {

    static final int PORT = 8080;
    static final long UID_BASE = LinuxSandboxConfig.UID_BASE_DEFAULT + 0x1000_0000L;
    /** Names a probe that was built before, for a machine without a compiler. */
    private static final String PROBE_PROPERTY = "wisp.test.probe";

    final Path folder;
    final Path layers;
    final Path layer;
    final ConcurrentLinkedQueue<String> output = new ConcurrentLinkedQueue<>();
    private final Kernel kernel;
    private final Descriptors descriptors;
    private final String prefix;
    private LinuxSandboxRuntime runtime;
    private int ids;

    private SandboxFixture(Path folder, String prefix, int parked) {
        this.folder = folder;
        this.prefix = prefix;
        this.layers = folder.resolve("layers");
        this.layer = layers.resolve("probe");
        this.kernel = Kernel.load();
        this.descriptors = new Descriptors(kernel);
        buildProbe();
        this.runtime = open(folder, prefix, parked);
    }

    /** Skips the test with the reason when this host cannot run it. */
    static SandboxFixture open(String name) throws IOException {
        return open(name, 1);
    }

    static SandboxFixture open(String name, int parked) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "sandboxes need root");
        List<String> missing = HostFeatures.probe().stream()
                .filter(feature -> feature.required() && !feature.present())
                .map(HostFeature::name)
                .toList();
        assumeTrue(missing.isEmpty(), "the host lacks " + missing);
        return new SandboxFixture(Files.createTempDirectory("wisp-" + name), prefix(name), parked);
    }

    static String prefix(String name) {
        return "wisp-" + name + "-" + ProcessHandle.current().pid();
    }

    /** Waits until a process of the test says so. */
    static void awaitReady(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.equals("ready")) {
            line = output.readLine();
        }
        assertThat(line).isEqualTo("ready");
    }

    static LinuxSandboxRuntime open(Path folder, String prefix, int parked) {
        return new LinuxSandboxRuntime(
                new LinuxSandboxConfig(folder.resolve("layers"), prefix, UID_BASE, 256, parked, parked == 0 ? 0 : 8),
                InstantSource.system());
    }

    private void buildProbe() {
        try {
            Files.createDirectories(layer);
            String built = System.getProperty(PROBE_PROPERTY);
            if (built != null) {
                Files.copy(Path.of(built), layer.resolve("probe"), StandardCopyOption.COPY_ATTRIBUTES);
                return;
            }
            Path source = folder.resolve("probe.c");
            try (InputStream in = SandboxFixture.class.getResourceAsStream("probe.c")) {
                Files.write(source, Objects.requireNonNull(in, "probe.c").readAllBytes());
            }
            String target = layer.resolve("probe").toString();
            assumeTrue(
                    compiles("musl-gcc", source, target) || compiles("gcc", source, target),
                    "no C compiler that links statically: apt install gcc musl-tools");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean compiles(String compiler, Path source, String target) {
        try {
            Process process = new ProcessBuilder(compiler, "-static", "-O1", "-o", target, source.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    LinuxSandboxRuntime runtime() {
        return runtime;
    }

    String prefix() {
        return prefix;
    }

    /** The branch of control groups, on a host with either version. */
    Path groups() {
        Path memory = Path.of("/sys/fs/cgroup/memory");
        return (Files.isDirectory(memory) ? memory : Path.of("/sys/fs/cgroup")).resolve(prefix);
    }

    void reopen() {
        runtime.close();
        runtime = open(folder, prefix, 1);
    }

    SandboxSpec spec(String... arguments) {
        return spec(limits(64), "", "/", arguments);
    }

    SandboxSpec spec(Limits limits, String user, String workingFolder, String... arguments) {
        List<String> argv =
                Stream.concat(Stream.of("/probe"), Stream.of(arguments)).toList();
        return spec(
                limits, new ProcessSpec(argv, Map.of("GREETING", "hello"), workingFolder, user, 15), List.of(layer));
    }

    SandboxSpec spec(Limits limits, ProcessSpec process, List<Path> from) {
        return new SandboxSpec(
                "t-" + ++ids,
                from,
                process,
                Map.of("PORT", Integer.toString(PORT)),
                limits,
                PORT,
                Duration.ofSeconds(10),
                (stream, at, line) -> output.add(stream + " " + new String(line, StandardCharsets.UTF_8)));
    }

    static Limits limits(int mebibytes) {
        return new Limits(2000, (long) mebibytes << 20, 64, 4 << 20);
    }

    Sandbox start(String... arguments) {
        return runtime.start(spec(arguments));
    }

    /** Sends one command to the probe and returns what it answers. */
    String ask(Sandbox sandbox, String command) {
        return ProbeLine.ask(kernel, descriptors, sandbox, command);
    }

    Descriptors descriptors() {
        return descriptors;
    }

    @Override
    public void close() throws IOException {
        runtime.close();
        FolderTree.delete(folder);
    }
}
