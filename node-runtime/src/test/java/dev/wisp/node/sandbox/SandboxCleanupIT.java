package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.NativeMemory;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Spawner;
import dev.wisp.node.linux.Table;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is left behind: not by a stop, not by a failed start, not by a runtime that was killed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SandboxCleanupIT {

    private static final int CYCLES = 50;
    private static final Named CLONED = Named.flags(
            Named.CLONE_VM,
            Named.CLONE_FILES,
            Named.CLONE_PIDFD,
            Named.CLONE_CLEAR_SIGHAND,
            Named.CLONE_CHILD_CLEARTID);

    /** What of the host a runtime could leak. */
    private record Held(long descriptors, long groups, long mounts, long processes) {

        static Held now(String prefix) throws IOException {
            return new Held(
                    entries(Path.of("/proc/self/fd")),
                    groupsOf(prefix).count(),
                    Files.readAllLines(Path.of("/proc/self/mounts")).size(),
                    ProcessHandle.current().children().count());
        }

        private static long entries(Path folder) throws IOException {
            try (Stream<Path> entries = Files.list(folder)) {
                return entries.count();
            }
        }
    }

    /** On v2 the hierarchy is the folder itself, on v1 there is a folder a hierarchy in it. */
    private static Stream<Path> groupsOf(String prefix) throws IOException {
        Path top = Path.of("/sys/fs/cgroup");
        try (Stream<Path> hierarchies = Files.list(top)) {
            return Stream.concat(Stream.of(top), hierarchies)
                    .map(hierarchy -> hierarchy.resolve(prefix))
                    .filter(Files::isDirectory)
                    .flatMap(SandboxCleanupIT::below)
                    .toList()
                    .stream();
        }
    }

    private static Stream<Path> below(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).toList().stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }

    @Test
    void startsAndStopsLeaveNothing() throws IOException {
        try (SandboxFixture fixture = SandboxFixture.open("leak", 0)) {
            cycle(fixture);
            Held before = Held.now(fixture.prefix());

            for (int i = 0; i < CYCLES; i++) {
                cycle(fixture);
            }

            Awaitility.await()
                    .untilAsserted(() -> assertThat(Held.now(fixture.prefix())).isEqualTo(before));
            assertThat(fixture.runtime().strays().values()).allMatch(Set::isEmpty);
        }
    }

    /** One of each kind, as if a sandbox had left it; those of the sandbox that runs are its own. */
    @Test
    void whatIsLeftOnTheHostIsFound() throws Exception {
        try (SandboxFixture fixture = SandboxFixture.open("left", 1)) {
            fixture.start("serve");
            Path group = Files.createDirectory(fixture.groups().resolve("200"));
            Path mount = Files.createDirectory(fixture.layers.resolve("left"));
            long user = SandboxFixture.UID_BASE + 200L * LinuxSandboxConfig.IDS_OF_SANDBOX + 1_000;
            Process process = new ProcessBuilder(
                            "setpriv",
                            "--reuid=" + user,
                            "--clear-groups",
                            "unshare",
                            "--user",
                            "--net",
                            "sleep",
                            "600")
                    .start();
            run("mount", "-t", "tmpfs", "left", mount.toString());
            try (InputStream namespace = namespaceOf(process)) {
                Map<Leak, Set<String>> strays = fixture.runtime().strays();

                assertThat(strays.get(Leak.CGROUP)).containsExactly("200");
                assertThat(strays.get(Leak.MOUNT)).containsExactly(mount.toString());
                assertThat(strays.get(Leak.PROC)).containsExactly(Long.toString(process.pid()));
                assertThat(strays.get(Leak.NETNS)).hasSize(1);
                assertThat(strays.get(Leak.VETH)).isEmpty();
                assertThat(namespace).isNotNull();
            } finally {
                run("umount", mount.toString());
                Files.delete(group);
                process.destroyForcibly().waitFor();
            }
            assertThat(fixture.runtime().strays().values()).allMatch(Set::isEmpty);
        }
    }

    /** Open, once it is another than the test's own. */
    private static InputStream namespaceOf(Process process) throws IOException {
        Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
        Path namespace = Path.of("/proc/" + process.pid() + "/ns/net");
        Awaitility.await().until(() -> !Files.readSymbolicLink(namespace).equals(own));
        return new FileInputStream(namespace.toFile());
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /** Every way a sandbox can end or fail to begin. */
    private static void cycle(SandboxFixture fixture) {
        fixture.start("serve").stop(Duration.ZERO);
        Sandbox polite = fixture.start("polite");
        fixture.descriptors().close(polite.connect());
        polite.stop(Duration.ofSeconds(5));
        assertThatThrownBy(() -> fixture.start("fail")).hasMessageContaining("E1202");
        SandboxSpec missing = fixture.spec("serve");
        assertThatThrownBy(() -> fixture.runtime()
                        .start(fixture.spec(
                                missing.limits(),
                                new ProcessSpec(List.of("/nothing"), Map.of(), "/", "", 15),
                                missing.layers())))
                .hasMessageContaining("E1201");
    }

    /** A limit cannot be set when its group is gone, and that is found before the child is let go. */
    @Test
    void startThatCannotBePreparedLeavesNothing() throws IOException {
        try (SandboxFixture fixture = SandboxFixture.open("unprepared", 1)) {
            Path memory = Path.of("/sys/fs/cgroup/memory", fixture.prefix());
            assumeTrue(Files.isDirectory(memory), "the host has no memory groups of version 1");
            Awaitility.await().until(() -> fixture.runtime().isAtRest());
            Held before = Held.now(fixture.prefix());
            for (Path group : below(memory).toList()) {
                Files.delete(group);
            }

            SandboxSpec spec = fixture.spec("serve");
            assertThatThrownBy(() -> fixture.runtime()
                            .start(fixture.spec(SandboxFixture.limits(99), spec.process(), spec.layers())))
                    .hasMessageContaining("memory.limit_in_bytes");

            Awaitility.await().untilAsserted(() -> {
                Held now = Held.now(fixture.prefix());
                assertThat(now.groups()).isEqualTo(before.groups());
                assertThat(now.processes()).isEqualTo(before.processes());
            });
        }
    }

    @Test
    void closingTheRuntimeStopsEverything() throws IOException {
        SandboxFixture fixture = SandboxFixture.open("close", 3);
        Sandbox sandbox = fixture.start("serve");
        fixture.start("bomb");

        fixture.close();

        assertThat(sandbox.exit().join().exitCode()).isEqualTo(137);
        assertThat(groupsOf(fixture.prefix())).isEmpty();
        assertThat(fixture.groups()).doesNotExist();
    }

    @Test
    void parkedSandboxesAreRefilledAndEndWithTheRuntime() throws IOException {
        try (SandboxFixture fixture = SandboxFixture.open("pool", 3)) {
            Awaitility.await().until(() -> fixture.runtime().parked() == 3);

            fixture.start("serve").stop(Duration.ZERO);

            Awaitility.await().until(() -> fixture.runtime().parked() == 3);
        }
    }

    @Test
    void twoRuntimesCannotShareAName() throws IOException {
        try (SandboxFixture fixture = SandboxFixture.open("lock", 0)) {
            fixture.start("serve").stop(Duration.ZERO);
            long descriptors = Held.now(fixture.prefix()).descriptors();
            List<String> threads = threads();

            assertThatThrownBy(() -> SandboxFixture.open(fixture.folder, fixture.prefix(), 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another runtime on this host uses it");

            assertThat(Held.now(fixture.prefix()).descriptors()).isEqualTo(descriptors);
            assertThat(threads()).isEqualTo(threads);
            assertThat(fixture.ask(fixture.start("serve"), "cwd")).isEqualTo("/");
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("wisp-"))
                .sorted()
                .toList();
    }

    @Test
    void killedRuntimeTakesItsSandboxesAlongAndTheNextOneCleansUp() throws Exception {
        try (SandboxFixture fixture = SandboxFixture.open("next", 0)) {
            String prefix = SandboxFixture.prefix("victim");
            Process victim = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Victim.class.getName(),
                            fixture.folder.toString(),
                            prefix)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            SandboxFixture.awaitReady(victim);
            List<Long> inside = processes(prefix);
            assertThat(inside).hasSizeGreaterThanOrEqualTo(6);

            victim.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

            // The frozen one cannot die before it is thawed, which is what the next runtime does.
            Awaitility.await().until(() -> processes(prefix).size() <= 1);
            SandboxFixture.open(fixture.folder, prefix, 0).close();
            assertThat(groupsOf(prefix)).isEmpty();
            assertThat(inside).noneMatch(SandboxCleanupIT::runs);
        }
    }

    /** It asks for the death signal too late; the kernel has zeroed the word by which it sees that. */
    @Test
    void childClonedAsItsRuntimeDiesEndsByItself() {
        Kernel kernel = Kernel.load();
        try (Spawner spawner = new Spawner(kernel);
                Table table = new Table(kernel);
                NativeMemory zeroed = kernel.map(Long.BYTES)) {
            long tid = spawner.life().tid();
            Spawner.Life gone = new Spawner.Life(zeroed.address(), tid);
            table.append(new Furnishing(gone, 40, 64, 0).arrive());

            Spawner.Child child = spawner.spawn(table, CLONED);

            Awaitility.await().until(() -> new Processes(kernel).reap(child.pidfd()), Objects::nonNull);
            new Descriptors(kernel).close(child.pidfd());
            assertThat(Objects.requireNonNull(table.failure()).text()).isEqualTo("see that the runtime lives: EAGAIN");
        }
    }

    private static List<Long> processes(String prefix) throws IOException {
        return groupsOf(prefix)
                .filter(group ->
                        group.startsWith("/sys/fs/cgroup/pids") || group.startsWith("/sys/fs/cgroup/" + prefix))
                .map(group -> group.resolve("cgroup.procs"))
                .flatMap(SandboxCleanupIT::lines)
                .map(Long::parseLong)
                .toList();
    }

    /** Whether a process is more than an entry that its new parent has yet to reap. */
    private static boolean runs(long pid) {
        return lines(Path.of("/proc/" + pid + "/stat")).anyMatch(line -> !line.contains(") Z "));
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }

    /** A runtime of its own, to be killed: it parks some sandboxes, runs two and freezes one. */
    static final class Victim {

        private Victim() {}

        public static void main(String[] arguments) throws InterruptedException {
            Path folder = Path.of(arguments[0]);
            LinuxSandboxRuntime runtime = SandboxFixture.open(folder, arguments[1], 2);
            Awaitility.await().until(() -> runtime.parked() == 2);
            List.of("one", "two", "three")
                    .forEach(id -> start(runtime, folder, id).connect());
            Sandbox frozen = start(runtime, folder, "frozen");
            frozen.freeze();
            assertThat(frozen.standsStill(Duration.ofSeconds(10))).isTrue();
            // Those that wait in the pool are to be killed too, so they have to be there again; four starts may have
            // made the pool larger.
            Awaitility.await().until(() -> runtime.parked() >= 2);
            System.out.println("ready");
            Thread.currentThread().join();
        }

        private static Sandbox start(LinuxSandboxRuntime runtime, Path folder, String id) {
            return runtime.start(new SandboxSpec(
                    id,
                    List.of(folder.resolve("layers/probe")),
                    new ProcessSpec(List.of("/probe", "serve"), Map.of(), "/", "", 15),
                    Map.of("PORT", "8080"),
                    SandboxFixture.limits(64),
                    SandboxFixture.PORT,
                    Duration.ofSeconds(10),
                    (stream, at, line) -> {}));
        }
    }
}
