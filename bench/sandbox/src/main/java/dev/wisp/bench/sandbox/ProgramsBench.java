package dev.wisp.bench.sandbox;

import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.sandbox.FirstAnswer.Question;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.Capability;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Real programs from Debian's packages, each as an ordinary image in a sandbox: launch to first answer in its own protocol. */
final class ProgramsBench {

    private static final SandboxHost.Size SIZE = new SandboxHost.Size(64, 2, 8);
    private static final int WARM_UP_MAX = 1_000;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    /** Its packages are downloaded. */
    private static final Duration BUILD_PATIENCE = Duration.ofMinutes(15);

    private static final String GET = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";
    private static final Question HTTP = new Question(GET, "HTTP/1.1 200 ");
    private static final Question HTTP_1_0 = new Question(GET, "HTTP/1.0 200 ");

    /** Asks whether it would speak TLS; the answer is one letter. */
    private static final Question POSTGRES = new Question("\0\0\0\b\u0004\u00d2\u0016/", "N");

    /** @param memoryMebibytes that an operator would give it */
    record Program(String name, int memoryMebibytes, Question question, List<Capability> capabilities) {}

    private static final List<Program> PROGRAMS = List.of(
            new Program("busybox", 32, HTTP, List.of()),
            // Its master is root and makes its workers somebody else.
            new Program(
                    "nginx",
                    64,
                    HTTP,
                    List.of(Capability.CHOWN, Capability.DAC_OVERRIDE, Capability.SETGID, Capability.SETUID)),
            new Program("python", 128, HTTP_1_0, List.of()),
            new Program("node", 256, HTTP, List.of()),
            new Program("jvm", 512, HTTP, List.of()),
            new Program("redis", 128, new Question("PING\r\n", "+PONG"), List.of()),
            new Program("postgres", 512, POSTGRES, List.of()));

    private final Path root;
    private final List<Program> programs;

    /** @param names of those to run, none for all */
    ProgramsBench(Path root, List<String> names) {
        this.root = root;
        this.programs = names.isEmpty()
                ? PROGRAMS
                : names.stream().map(ProgramsBench::program).toList();
    }

    private static Program program(String name) {
        return PROGRAMS.stream()
                .filter(program -> program.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BenchException("no program %s: there are %s"
                        .formatted(name, PROGRAMS.stream().map(Program::name).collect(Collectors.joining(", ")))));
    }

    Report run(int n, PrintStream out) {
        if (!Programs.isRoot()) {
            throw new BenchException("sandboxes need root");
        }
        Path images = root.resolve("target/wisp/images");
        List<Series> series = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Map<String, Double> ratios = new LinkedHashMap<>();
        try (SandboxHost host = SandboxHost.open(StartBench.program(root), SIZE)) {
            new WarmUp(WARM_UP_MAX).run(() -> {
                host.start().sandbox().stop(Duration.ZERO);
                host.settle();
            });
            for (Program program : programs) {
                out.println("  " + program.name());
                Measured measured = measure(host, image(images, program.name(), out), program, n);
                Series sandbox = measured.sandbox().series(program.name());
                Series plain = measured.plain().series(program.name() + ", plain");
                series.addAll(List.of(sandbox, plain));
                ratios.put(
                        "%1$s / %1$s, plain, p50".formatted(program.name()),
                        Median.ratio(sandbox.p50Micros(), plain.p50Micros()));
                notes.add("%s: %d MiB of %d at most"
                        .formatted(program.name(), measured.peakBytes() >> 20, program.memoryMebibytes()));
            }
        }
        notes.add("from asking for the sandbox to the first bytes of an answer in the program's own protocol, %d each"
                .formatted(n));
        notes.add(
                "plain: the same files, user and command without a sandbox, started by a shell that already runs, in turn with the sandbox");
        return new Report("sandbox programs", n, series, ratios, notes);
    }

    private OciLayout image(Path images, String name, PrintStream out) {
        if (!Files.exists(images.resolve(name))) {
            out.println("  building its image from Debian's packages");
            build(images, name);
        }
        return new OciLayout(images.resolve(name));
    }

    private void build(Path images, String name) {
        ProcessBuilder builder =
                new ProcessBuilder(root.resolve("bench/sandbox/images/build").toString(), images.toString(), name);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Programs.run(builder.inheritIO(), BUILD_PATIENCE, "building the image of " + name);
    }

    /** @param peakBytes the most memory that one in a sandbox had in use */
    private record Measured(Samples sandbox, Samples plain, long peakBytes) {}

    private static Measured measure(SandboxHost host, OciLayout image, Program program, int n) {
        Path layer = unpacked(host, image, program);
        ProcessSpec process = image.process(program.capabilities());
        Samples inside = new Samples();
        Samples plain = new Samples();
        long peak = 0;
        try (PlainProgram ordinary = new PlainProgram(layer, process, SandboxHost.PORT)) {
            for (int i = 0; i < n; i++) {
                host.settle();
                peak = Math.max(peak, once(host, spec(program, layer, process, i), program, inside));
                plain.add(ordinary.startMicros(program.question(), SandboxHost.PORT));
            }
        }
        return new Measured(inside, plain, peak);
    }

    private static Path unpacked(SandboxHost host, OciLayout image, Program program) {
        try {
            Path layer = host.newLayer(program.name());
            image.unpack(layer);
            return layer;
        } catch (IOException e) {
            throw new BenchException("cannot unpack %s: %s".formatted(program.name(), e.getMessage()), e);
        }
    }

    /** The most memory it had in use. */
    private static long once(SandboxHost host, SandboxSpec spec, Program program, Samples samples) {
        long start = System.nanoTime();
        Sandbox sandbox = start(host, spec);
        try {
            samples.add((new FirstAnswer().awaitNanos(sandbox.connect(), program.question()) - start) / 1_000);
            return sandbox.usage().memoryPeakBytes();
        } finally {
            sandbox.stop(Duration.ZERO);
        }
    }

    private static Sandbox start(SandboxHost host, SandboxSpec spec) {
        try {
            return host.runtime().start(spec);
        } catch (ProblemException e) {
            throw new BenchException(
                    "%s: %s %s"
                            .formatted(
                                    spec.id(), e.problem().detail(), e.problem().evidence()),
                    e);
        }
    }

    private static SandboxSpec spec(Program program, Path layer, ProcessSpec process, int number) {
        return new SandboxSpec(
                program.name() + "-" + number,
                List.of(layer),
                process,
                Map.of("PORT", Integer.toString(SandboxHost.PORT)),
                new Limits(2_000, (long) program.memoryMebibytes() << 20, 256, 128L << 20),
                SandboxHost.PORT,
                START_TIMEOUT,
                (stream, atMicros, line) -> {});
    }
}
