package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.node.linux.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a workload sees, and what it is refused. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SandboxIsolationIT {

    private static SandboxFixture fixture;
    private static Sandbox sandbox;

    @BeforeAll
    static void open() throws IOException {
        fixture = SandboxFixture.open("wall");
        sandbox = fixture.start("serve");
    }

    @AfterAll
    static void close() throws IOException {
        if (fixture != null) {
            fixture.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "mnt", "pid", "net", "uts", "ipc", "cgroup"})
    void everyNamespaceIsItsOwn(String name) throws IOException {
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/" + name)).toString();

        assertThat(fixture.ask(sandbox, "list /proc/self/ns"))
                .contains(name + " -> ")
                .doesNotContain(host);
    }

    @Test
    void rootInsideIsNobodyOutside() throws IOException {
        assertThat(fixture.ask(sandbox, "ids")).isEqualTo("0 0 0");
        long pid = processOutside();

        assertThat(Files.getAttribute(Path.of("/proc/" + pid), "unix:uid"))
                .isInstanceOfSatisfying(
                        Integer.class, uid -> assertThat(uid).isGreaterThanOrEqualTo((int) SandboxFixture.UID_BASE));
    }

    /** The probe's own process as the host sees it: found by the group that the test's runtime made. */
    private static long processOutside() throws IOException {
        try (Stream<Path> groups = Files.walk(fixture.groups(), 1)) {
            return groups.skip(1)
                    .flatMap(SandboxIsolationIT::processes)
                    .filter(pid -> commandOf(pid).startsWith("/probe"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Stream<Long> processes(Path group) {
        return read(group.resolve("cgroup.procs")).lines().map(Long::parseLong);
    }

    private static String commandOf(long pid) {
        return read(Path.of("/proc/" + pid + "/cmdline"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void hasNoCapabilityAndCannotGetOne() {
        String status = fixture.ask(sandbox, "read /proc/self/status");

        assertThat(status.lines().filter(line -> line.startsWith("Cap")))
                .hasSize(5)
                .allMatch(line -> line.endsWith("\t0000000000000000"));
        assertThat(status).contains("NoNewPrivs:\t1").contains("Seccomp:\t2");
    }

    @Test
    void seesOnlyItsOwnProcesses() {
        assertThat(fixture.ask(sandbox, "list /proc").lines().filter(line -> line.matches("\\d+")))
                .containsExactly("1");
    }

    /** The size of a process's table can be read inside, lasts as long as the process, and is as large as what it was copied from. */
    @Test
    void tableOfDescriptorsIsSmallHoweverManyTheRuntimeHolds() {
        List<Integer> many = IntStream.range(0, 3_000)
                .mapToObj(_ -> fixture.descriptors().open("/dev/null", Named.O_RDONLY, 0))
                .toList();
        try {
            // The first ones may have been parked before.
            List<Sandbox> several =
                    IntStream.range(0, 12).mapToObj(_ -> fixture.start("serve")).toList();
            String status = fixture.ask(several.getLast(), "read /proc/self/status");
            several.forEach(one -> one.stop(Duration.ZERO));

            assertThat(status).containsPattern("FDSize:\t(64|128|256|512)\n");
        } finally {
            many.forEach(fixture.descriptors()::close);
        }
    }

    /** A negative number would say that it is the host's. */
    @Test
    void tableOfTcpConnectionsIsItsOwn() {
        assumeTrue(Files.exists(Path.of("/proc/sys/net/ipv4/tcp_child_ehash_entries")), "a kernel before 6.1");

        assertThat(fixture.ask(sandbox, "read /proc/sys/net/ipv4/tcp_ehash_entries")
                        .strip())
                .isEqualTo("1024");
    }

    @Test
    void holdsNoDescriptorButTheStandardOnes() {
        assertThat(fixture.ask(sandbox, "list /proc/self/fd").lines().map(line -> line.replaceFirst("\\[\\d+]", "")))
                .contains("0 -> /dev/null", "1 -> pipe:", "2 -> pipe:")
                // 3 is the listener, 4 this connection, 5 the folder being listed.
                .allMatch(line -> line.matches("[012] .*|3 -> socket:|4 -> socket:|5 -> /proc/1/fd"));
    }

    @Test
    void seesNoMountOfTheHost() {
        assertThat(fixture.ask(sandbox, "read /proc/self/mounts").lines().map(line -> line.split(" ")[1]))
                .allMatch(path -> path.equals("/") || path.startsWith("/proc") || path.startsWith("/dev"));
        assertThat(fixture.ask(sandbox, "read /proc/self/mountinfo"))
                .doesNotContain(fixture.folder.toString())
                .doesNotContain("/sys/fs/cgroup");
        assertThat(fixture.ask(sandbox, "list /").lines())
                .containsExactlyInAnyOrder("probe", "proc", "dev", "sys", "etc", "tmp");
    }

    @Test
    void controlGroupPathsSayNothing() {
        assertThat(fixture.ask(sandbox, "read /proc/self/cgroup").lines()).allMatch(line -> line.endsWith(":/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/interrupts", "/proc/kmsg"})
    void tellingFilesOfProcAreMasked(String path) {
        assertThat(fixture.ask(sandbox, "read " + path)).isIn("", "errno 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proc/sys/kernel/core_pattern",
                "/proc/sys/kernel/hostname",
                "/proc/sys/net/ipv4/ip_forward",
                "/proc/sysrq-trigger",
                "/proc/irq/default_smp_affinity"
            })
    void settingsOfTheKernelCannotBeWritten(String path) {
        assertThat(fixture.ask(sandbox, "write " + path + " 1")).isIn("errno 30", "errno 13", "errno 2");
    }

    @Test
    void devicesAreTheHarmlessSix() {
        assertThat(fixture.ask(sandbox, "list /dev").lines().map(line -> line.split(" ")[0]))
                .containsExactlyInAnyOrder(
                        "null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts", "shm", "mqueue", "fd",
                        "stdin", "stdout", "stderr");
        assertThat(fixture.ask(sandbox, "write /dev/null x")).isEqualTo("ok");
    }

    @Test
    void temporaryFolderIsOpenToAll() {
        assertThat(fixture.ask(sandbox, "stat /tmp")).isEqualTo("0 0 41777");
    }

    @Test
    void writesGoToTheSandboxNotToTheImage() {
        assertThat(fixture.ask(sandbox, "write /etc/mine x")).isEqualTo("ok");

        assertThat(fixture.layer.resolve("etc/mine")).doesNotExist();
    }

    @Test
    void namesAreItsOwn() {
        assertThat(fixture.ask(sandbox, "read /etc/hostname")).isEqualTo(sandbox.id() + "\n");
        assertThat(fixture.ask(sandbox, "read /etc/hosts")).contains("localhost " + sandbox.id());
        assertThat(fixture.ask(sandbox, "read /etc/resolv.conf")).startsWith("#");
    }

    @Test
    void networkIsLoopbackOnly() {
        assertThat(fixture.ask(sandbox, "read /proc/net/dev").lines().skip(2))
                .hasSize(1)
                .allMatch(line -> line.strip().startsWith("lo:"));
    }

    /** Numbers are x86-64's; the expected error is the policy's. */
    @ParameterizedTest
    @CsvSource({
        "socket AF_INET, call 41 2 1 0, ok",
        "socket AF_UNIX, call 41 1 1 0, ok",
        "socket AF_NETLINK route, call 41 16 3 0, ok",
        "socket AF_NETLINK audit, call 41 16 3 9, -1",
        "socket AF_ALG, call 41 38 5 0, -1",
        "socket AF_VSOCK, call 41 40 1 0, -1",
        "socket AF_XDP, call 41 44 3 0, -1",
        "socket AF_PACKET, call 41 17 3 0, -1",
        "io_uring_setup, call 425 8 0, -1",
        "keyctl, call 250 0 0, -1",
        "add_key, call 248 0 0, -1",
        "bpf, call 321 0 0 0, -1",
        "userfaultfd, call 323 0, -1",
        "ptrace, call 101 16 1, -1",
        "perf_event_open, call 298 0 0 0 0 0, -1",
        "unshare user, call 272 0x10000000, -1",
        "clone new user, call 56 0x10000011 0, -1",
        "clone3, call 435 0 0, -38",
        "setns, call 308 0 0, -1",
        "open_tree, call 428 -100 0 1, -1",
        "fsopen, call 430 0 0, -1",
        "mount_setattr, call 442 -1 0 0 0 0, -1",
        "open_by_handle_at, call 304 -1 0 0, -1",
        "chroot, call 161 0, -1",
        "pivot_root, call 155 0 0, -1",
        "personality no random, call 135 0x0040000, -1",
        "unknown number, call 900, -38",
        "x32 getpid, call 0x40000027, -1",
        "i386 getpid, call32 20, -1",
    })
    void dangerousCallsAreRefused(String name, String command, String expected) {
        String answer = fixture.ask(sandbox, command);

        assumeFalse(answer.equals("no such way in"), "the kernel here lacks " + name);
        if (expected.equals("ok")) {
            assertThat(Integer.parseInt(answer)).as(name).isNotNegative();
        } else {
            assertThat(answer).as(name).isEqualTo(expected);
        }
    }

    @Test
    void mountsAndNodesAreRefused() {
        assertThat(fixture.ask(sandbox, "mount tmpfs /tmp")).isEqualTo("errno 1");
        assertThat(fixture.ask(sandbox, "mount cgroup /tmp")).isEqualTo("errno 1");
    }

    @Test
    void hostileImageCannotMoveTheMountPoints() throws IOException {
        Path hostile = Files.createDirectories(fixture.layers.resolve("hostile"));
        Path canary = Files.createDirectories(fixture.folder.resolve("canary"));
        Files.copy(
                fixture.layer.resolve("probe"),
                hostile.resolve("probe"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        for (String name : List.of("proc", "dev", "sys", "tmp", "etc")) {
            Files.createSymbolicLink(hostile.resolve(name), canary);
        }

        SandboxSpec spec = fixture.spec("serve");
        Sandbox started = fixture.runtime().start(fixture.spec(spec.limits(), spec.process(), List.of(hostile)));

        assertThat(fixture.ask(started, "read /proc/self/status")).contains("Seccomp:\t2");
        assertThat(fixture.ask(started, "write /dev/null x")).isEqualTo("ok");
        assertThat(fixture.ask(started, "read /etc/hosts")).contains("localhost");
        started.stop(Duration.ZERO);
        assertThat(canary).isEmptyDirectory();
    }

    @Test
    void upperLayersHideLowerOnes() throws IOException {
        Path upper = Files.createDirectories(fixture.layers.resolve("upper"));
        Path lower = Files.createDirectories(fixture.layers.resolve("lower"));
        Files.writeString(lower.resolve("greeting"), "old");
        Files.writeString(upper.resolve("greeting"), "new");
        SandboxSpec spec = fixture.spec("serve");

        Sandbox started = fixture.runtime()
                .start(fixture.spec(spec.limits(), spec.process(), List.of(fixture.layer, lower, upper)));

        assertThat(fixture.ask(started, "read /greeting")).isEqualTo("new");
        assertThat(fixture.ask(started, "stat /greeting")).isEqualTo("0 0 100644");
        started.stop(Duration.ZERO);
    }

    @Test
    void twoSandboxesShareNoUserIds() {
        Sandbox other = fixture.start("serve");

        String mine = fixture.ask(sandbox, "read /proc/self/uid_map");
        String others = fixture.ask(other, "read /proc/self/uid_map");

        assertThat(mine.strip().split("\\s+")[1]).isNotEqualTo(others.strip().split("\\s+")[1]);
        other.stop(Duration.ZERO);
    }
}
