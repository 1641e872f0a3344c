package dev.wisp.node.escape;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.sandbox.HostFeature;
import dev.wisp.node.sandbox.HostFeatures;
import dev.wisp.node.sandbox.LinuxSandboxConfig;
import dev.wisp.node.sandbox.LinuxSandboxRuntime;
import dev.wisp.node.sandbox.ProbeLine;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxSpec;
import dev.wisp.node.sandbox.StuckSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A runtime on the real kernel whose sandboxes run the probes. */
final class Cell implements AutoCloseable {

    static final int PORT = 8080;

    private static final long UID_BASE = LinuxSandboxConfig.UID_BASE_DEFAULT + 0x2000_0000L;

    private static final int SANDBOXES_MAX = 64;
    private static final String PREFIX =
            "wisp-escape-" + ProcessHandle.current().pid();

    private final LinuxSandboxRuntime runtime;
    private final Kernel kernel = Kernel.load();
    private final Descriptors descriptors = new Descriptors(kernel);
    private int ids;

    Cell(Path folder) {
        this.runtime = new LinuxSandboxRuntime(
                new LinuxSandboxConfig(folder.resolve("layers"), PREFIX, UID_BASE, SANDBOXES_MAX, 0, 0),
                InstantSource.system());
    }

    /** Skips the test with the reason when this host cannot run it. */
    static void assumePossible() {
        assumeTrue("root".equals(System.getProperty("user.name")), "sandboxes need root");
        List<String> missing = HostFeatures.probe().stream()
                .filter(feature -> feature.required() && !feature.present())
                .map(HostFeature::name)
                .toList();
        assumeTrue(missing.isEmpty(), "the host lacks " + missing);
    }

    /** Runs one program's probes inside, as this user. */
    List<Verdict> run(ProbeImage image, String program, String user, List<String> parameters) {
        return run(List.of(image.layer), program, user, parameters);
    }

    /** Runs one program's probes inside, as root, on these layers. */
    List<Verdict> run(List<Path> layers, String program) {
        return run(layers, program, "", List.of("as=root"));
    }

    /** Runs the probes of a process that is described whole. */
    List<Verdict> run(ProbeImage image, ProcessSpec process, String name) {
        return run(spec(List.of(image.layer), process, name), List.of("as=asked"));
    }

    private List<Verdict> run(List<Path> layers, String program, String user, List<String> parameters) {
        ProcessSpec process = new ProcessSpec(List.of("/" + program), Map.of(), "/", user, 15);
        return run(spec(layers, process, program), parameters);
    }

    private List<Verdict> run(SandboxSpec spec, List<String> parameters) {
        Sandbox sandbox = runtime.start(spec);
        try {
            return Verdict.parse(ask(sandbox, String.join(" ", parameters)));
        } finally {
            sandbox.stop(Duration.ZERO);
        }
    }

    Sandbox start(SandboxSpec spec) {
        return runtime.start(spec);
    }

    SandboxSpec spec(List<Path> layers, ProcessSpec process, String name) {
        return new SandboxSpec(
                name + "-" + ++ids,
                layers,
                process,
                Map.of("PORT", Integer.toString(PORT)),
                new Limits(1000, 64 << 20, 64, 4 << 20),
                PORT,
                Duration.ofSeconds(20),
                (_, _, _) -> {});
    }

    /** Sends a line and returns all that comes back. */
    String ask(Sandbox sandbox, String line) {
        return ProbeLine.ask(kernel, descriptors, sandbox, line);
    }

    /** Sandboxes that it says do not end. */
    List<StuckSandbox> stuck() {
        return runtime.stuck();
    }

    /** Processes in the groups of its sandboxes, as the host numbers them. */
    static List<Long> processes() {
        Path first = Path.of("/sys/fs/cgroup/pids");
        Path branch = (Files.isDirectory(first) ? first : Path.of("/sys/fs/cgroup")).resolve(PREFIX);
        try (Stream<Path> groups = Files.list(branch)) {
            return groups.filter(Files::isDirectory)
                    .flatMap(group -> lines(group.resolve("cgroup.procs")))
                    .map(Long::parseLong)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those that have ids of its sandboxes, wherever they are. */
    static List<Long> owned() {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .filter(Cell::isOwned)
                    .map(entry -> Long.parseLong(entry.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOwned(Path process) {
        try {
            long user = Integer.toUnsignedLong((Integer) Files.getAttribute(process, "unix:uid"));
            return user >= UID_BASE && user < UID_BASE + SANDBOXES_MAX * LinuxSandboxConfig.IDS_OF_SANDBOX;
        } catch (IOException e) {
            return false;
        }
    }

    /** None of a file that is gone. */
    static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }

    @Override
    public void close() {
        runtime.close();
    }
}
