package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starting, talking to and stopping sandboxes, and what a failed start says. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class LinuxSandboxIT {

    private static SandboxFixture fixture;

    @BeforeAll
    static void open() throws IOException {
        fixture = SandboxFixture.open("run");
    }

    @AfterAll
    static void close() throws IOException {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Test
    void answersAndTellsWhereTheTimeWent() {
        Sandbox sandbox = fixture.start("serve");

        assertThat(fixture.ask(sandbox, "cwd")).isEqualTo("/");
        assertThat(sandbox.timing().phases())
                .extracting("name")
                .containsExactly("claim", "prepare", "execute", "listen");
        assertThat(sandbox.timing().totalMicros())
                .isEqualTo(sandbox.timing().phases().stream()
                        .mapToLong(phase -> phase.micros())
                        .sum());
        sandbox.stop(Duration.ZERO);
        assertThat(sandbox.exit().join()).isEqualTo(new SandboxExit(137, false));
    }

    @Test
    void everyCallOfAStartIsInTheDebugLog() {
        List<String> told = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(LinuxSandboxRuntime.class.getName());
        Handler handler = handler(told);
        logger.addHandler(handler);
        logger.setLevel(Level.FINE);
        try {
            fixture.start("serve").stop(Duration.ZERO);
        } finally {
            logger.setLevel(null);
            logger.removeHandler(handler);
        }

        assertThat(told)
                .singleElement()
                .asString()
                .contains("sandbox started instanceId=", "# become root inside", "execve(\"/probe\"")
                .doesNotContain("GREETING=hello");
    }

    private static Handler handler(List<String> told) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                told.add(record.getMessage().formatted(record.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void servesManyConnectionsOneAfterTheOther() {
        Sandbox sandbox = fixture.start("serve");

        for (int i = 0; i < 50; i++) {
            assertThat(fixture.ask(sandbox, "cwd")).isEqualTo("/");
        }
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void deliversOutputLineByLine() {
        Sandbox sandbox = fixture.start("serve");

        fixture.ask(sandbox, "say first");
        fixture.ask(sandbox, "say second");

        Awaitility.await().until(() -> fixture.output.containsAll(List.of("STDOUT first", "STDOUT second")));
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void environmentHoldsWhatImageAndPlatformSayAndTheUsualRest() {
        Sandbox sandbox = fixture.start("serve");

        assertThat(fixture.ask(sandbox, "env").lines())
                .containsExactlyInAnyOrder(
                        "GREETING=hello",
                        "PORT=8080",
                        "HOME=/",
                        "HOSTNAME=" + sandbox.id(),
                        "PATH=" + SandboxStart.PATH_DEFAULT);
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void politeProgramGetsItsStopSignalAndEndsByItself() {
        Sandbox sandbox = fixture.start("polite");

        sandbox.stop(Duration.ofSeconds(5));

        assertThat(sandbox.exit().join()).isEqualTo(new SandboxExit(0, false));
        assertThat(fixture.output).contains("STDOUT stopping");
    }

    @Test
    void whatItPrintsCanBeLostAndItEndsAllTheSame() {
        Sandbox polite = fixture.runtime().start(unheard(fixture.spec("polite")));
        Sandbox refused = fixture.runtime().start(unheard(fixture.spec("serve")));
        assertThat(Integer.parseInt(fixture.ask(refused, "forks 200"))).isLessThan(200);

        polite.stop(Duration.ofSeconds(5));
        refused.stop(Duration.ZERO);

        assertThat(polite.exit().join()).isEqualTo(new SandboxExit(0, false));
        assertThat(refused.exit().join()).isEqualTo(new SandboxExit(137, false));
        assertThat(refused.released()).succeedsWithin(Duration.ofSeconds(10));
    }

    private static SandboxSpec unheard(SandboxSpec spec) {
        return new SandboxSpec(
                spec.id(),
                spec.layers(),
                spec.process(),
                spec.platformEnv(),
                spec.limits(),
                spec.port(),
                spec.startTimeout(),
                (stream, at, line) -> {
                    throw new IllegalStateException("nobody takes it down");
                });
    }

    @Test
    void programWithoutHandlerIsKilledWithoutWaitingForTheGrace() {
        Sandbox sandbox = fixture.start("serve");

        long begin = System.nanoTime();
        sandbox.stop(Duration.ofSeconds(30));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(sandbox.exit().join().exitCode()).isEqualTo(137);
    }

    @Test
    void connectingToAnEndedSandboxIsAProblem() {
        Sandbox sandbox = fixture.start("serve");
        sandbox.stop(Duration.ZERO);

        assertThat(problem(sandbox::connect).code()).isEqualTo("E1203");
    }

    @Test
    void frozenSandboxUsesNoProcessorAndGoesOnWhenThawed() {
        Sandbox sandbox = fixture.start("serve");

        sandbox.freeze();
        assertThat(sandbox.standsStill(Duration.ofSeconds(10))).isTrue();
        long before = sandbox.usage().cpuMicros();
        int socket = sandbox.connect();
        fixture.descriptors().write(socket, "burn 50\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        // The kernel books the last microseconds before the freeze a little later; the work asked for takes 50,000.
        Awaitility.await()
                .during(Duration.ofMillis(100))
                .until(() -> sandbox.usage().cpuMicros() < before + 5_000);
        sandbox.thaw();

        Awaitility.await().until(() -> sandbox.usage().cpuMicros() > before + 40_000);
        fixture.descriptors().close(socket);
        sandbox.stop(Duration.ZERO);
    }

    /**
     * All of many that compute: the kernel needs a moment for that, and version 1 says that it is frozen only when somebody looks. Version 2 says so at once of
     * those that have not been on a processor since they were thawed: they are listed as able to run, and go back to standing still without doing anything else.
     */
    @Test
    void everythingStandsStillOnceThatIsSaid() {
        Sandbox sandbox = fixture.start("bomb");
        Map<Long, Long> lastTime = new HashMap<>();

        for (int i = 0; i < 20; i++) {
            sandbox.freeze();
            assertThat(sandbox.standsStill(Duration.ofSeconds(10))).isTrue();
            List<Long> threads = ((LinuxSandbox) sandbox).threads();
            for (long thread : threads) {
                List<String> status = status(thread);
                if (mayRun(status)) {
                    assertThat(switches(status)).as("%s", status).isEqualTo(lastTime.get(thread));
                }
            }
            Awaitility.await().until(() -> threads.stream().noneMatch(thread -> mayRun(status(thread))));
            threads.forEach(thread -> lastTime.put(thread, switches(status(thread))));
            sandbox.thaw();
        }
        sandbox.stop(Duration.ZERO);
    }

    private static boolean mayRun(List<String> status) {
        return status.stream().anyMatch(line -> line.startsWith("State:\tR"));
    }

    /** What the kernel says of a thread, nothing when it is gone. */
    private static List<String> status(long thread) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(thread), "status"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** How often it has left a processor. */
    private static long switches(List<String> status) {
        return status.stream()
                .filter(line -> line.contains("ctxt_switches:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    @Test
    void frozenSandboxCanBeStopped() {
        Sandbox sandbox = fixture.start("serve");
        sandbox.freeze();
        assertThat(sandbox.standsStill(Duration.ofSeconds(10))).isTrue();

        sandbox.stop(Duration.ZERO);

        assertThat(sandbox.exit().join().exitCode()).isEqualTo(137);
    }

    @Test
    void processorTimeIsWhatTheProgramBurned() {
        Sandbox sandbox = fixture.start("serve");
        long before = sandbox.usage().cpuMicros();

        fixture.ask(sandbox, "burn 200");

        assertThat(sandbox.usage().cpuMicros() - before).isBetween(190_000L, 300_000L);
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void slowStarterIsWaitedFor() {
        Sandbox sandbox = fixture.start("late");

        assertThat(sandbox.timing().totalMicros()).isGreaterThan(100_000);
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void missingEntrypointIsNamed() {
        Problem byPath = problem(() -> run("/no/such/program"));
        Problem byName = problem(() -> run("program"));

        assertThat(byPath.code()).isEqualTo("E1201");
        assertThat(byPath.detail())
                .isEqualTo(
                        "'/no/such/program' does not exist in the image, or the interpreter or loader it names does not"
                                + " (ENOENT)");
        assertThat(byName.detail()).isEqualTo("'program' is in none of the 6 folders of PATH (ENOENT)");
    }

    @Test
    void entrypointThatCannotBeExecutedIsTold() throws IOException {
        Files.writeString(fixture.layer.resolve("plain"), "hello");
        Files.writeString(fixture.layer.resolve("text"), "hello");
        Files.setPosixFilePermissions(fixture.layer.resolve("text"), PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(problem(() -> run("/plain")).detail())
                .isEqualTo("'/plain' is in the image but may not be executed (EACCES)");
        assertThat(problem(() -> run("/text")).detail())
                .isEqualTo("'/text' is neither a program for this machine nor a script with #! (ENOEXEC)");
    }

    @Test
    void entrypointIsFoundThroughPath() throws IOException {
        Path folder = Files.createDirectories(fixture.layer.resolve("usr/bin"));
        Files.copy(fixture.layer.resolve("probe"), folder.resolve("found"));
        Files.setPosixFilePermissions(folder.resolve("found"), PosixFilePermissions.fromString("rwxr-xr-x"));

        Sandbox sandbox = run("found");

        assertThat(fixture.ask(sandbox, "read /proc/self/cmdline")).startsWith("found");
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void earlyExitShowsCodeAndLastLines() {
        Problem problem = problem(() -> fixture.start("fail"));

        assertThat(problem.code()).isEqualTo("E1202");
        assertThat(problem.detail()).contains("exited with code 3").contains("port 8080");
        assertThat(problem.evidence()).hasSize(20).contains("cannot find my configuration", "line 29");
    }

    @Test
    void programThatNeverListensIsStoppedAtTheDeadline() {
        SandboxSpec spec = fixture.spec("sleep");
        SandboxSpec impatient = new SandboxSpec(
                spec.id(),
                spec.layers(),
                spec.process(),
                spec.platformEnv(),
                spec.limits(),
                spec.port(),
                Duration.ofMillis(300),
                spec.output());

        Problem problem = problem(() -> fixture.runtime().start(impatient));

        assertThat(problem.code()).isEqualTo("E1203");
        assertThat(problem.detail()).contains("did not listen on port 8080 within 300 ms");
    }

    @Test
    void workingDirectoryIsMadeWhenItIsNotThere() {
        Sandbox sandbox = fixture.runtime().start(fixture.spec(SandboxFixture.limits(64), "", "/a/b/c", "serve"));

        assertThat(fixture.ask(sandbox, "cwd")).isEqualTo("/a/b/c");
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void deepestWorkingDirectoryAndLongestPathStart() {
        SandboxSpec plain = fixture.spec("serve");
        String path = "/nowhere:".repeat(31) + "/";
        Sandbox sandbox = fixture.runtime()
                .start(fixture.spec(
                        plain.limits(),
                        new ProcessSpec(
                                List.of("probe", "serve"), Map.of("PATH", path), "/x".repeat(32), "1000:1000", 15),
                        plain.layers()));

        assertThat(fixture.ask(sandbox, "cwd")).isEqualTo("/x".repeat(32));
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void workingDirectoryThatIsAFileIsTold() {
        Problem problem =
                problem(() -> fixture.runtime().start(fixture.spec(SandboxFixture.limits(64), "", "/probe", "serve")));

        assertThat(problem.code()).isEqualTo("E1204");
        assertThat(problem.detail()).isEqualTo("working directory /probe: ENOTDIR");
    }

    @Test
    void failingStepIsNamed() {
        SandboxSpec spec = fixture.spec("serve");

        Problem problem = problem(() -> fixture.runtime()
                .start(fixture.spec(spec.limits(), spec.process(), List.of(fixture.layer, fixture.layer))));

        assertThat(problem.code()).isEqualTo("E1204");
        assertThat(problem.detail()).isEqualTo("mount overlay: ELOOP");
    }

    @Test
    void layerThatIsNotThereIsTold() {
        SandboxSpec spec = fixture.spec("serve");

        Problem problem = problem(() -> fixture.runtime()
                .start(fixture.spec(spec.limits(), spec.process(), List.of(fixture.layers.resolve("gone")))));

        assertThat(problem.code()).isEqualTo("E1204");
        assertThat(problem.detail()).isEqualTo("read the image's users: ENOENT");
    }

    @Test
    void usersAreTakenByNumberAndByName() throws IOException {
        Path etc = Files.createDirectories(fixture.layer.resolve("etc"));
        Files.writeString(etc.resolve("passwd"), "root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n");
        Files.writeString(etc.resolve("group"), "app:x:1001:\nweb:x:33:app,other\n");

        assertThat(idsOf("1234")).isEqualTo("1234 0 0");
        assertThat(idsOf("1234:99")).isEqualTo("1234 99 0");
        assertThat(idsOf("app")).isEqualTo("1000 1001 1");
        assertThat(idsOf("app:web")).isEqualTo("1000 33 0");
        assertThat(problem(() -> idsOf("nobody")).detail()).contains("'nobody' is not in the image's /etc/passwd");
        assertThat(problem(() -> idsOf("65536")).code()).isEqualTo("E1801");
        assertThat(problem(() -> idsOf("4294967296")).code()).isEqualTo("E1801");
    }

    @Test
    void plainUserCanOpenItsStandardOutput() {
        Sandbox sandbox = fixture.runtime().start(fixture.spec(SandboxFixture.limits(64), "1000:1000", "/", "serve"));

        assertThat(fixture.ask(sandbox, "write /dev/stdout plain")).isEqualTo("ok");
        sandbox.stop(Duration.ZERO);
        assertThat(fixture.output).contains("STDOUT plain");
    }

    @Test
    void tableOfAStartCanBeRead() {
        String text = fixture.runtime().explainStart(fixture.spec("serve"));

        assertThat(text)
                .contains("mount(\"overlay\", \"/r\", \"overlay\", MS_NOSUID|MS_NODEV")
                .contains("# install rest of the filter = 0")
                .doesNotContain("hello");
        assertThat(text.lines().filter(line -> line.contains("execve("))).hasSize(1);
    }

    private static Sandbox run(String program) {
        return fixture.runtime()
                .start(fixture.spec(
                        SandboxFixture.limits(64),
                        new ProcessSpec(List.of(program, "serve"), Map.of(), "/", "", 15),
                        List.of(fixture.layer)));
    }

    private static String idsOf(String user) {
        Sandbox sandbox = fixture.runtime().start(fixture.spec(SandboxFixture.limits(64), user, "/", "serve"));
        String ids = fixture.ask(sandbox, "ids");
        sandbox.stop(Duration.ZERO);
        return ids;
    }

    private static Problem problem(org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
        return catchThrowableOfType(ProblemException.class, action).problem();
    }
}
