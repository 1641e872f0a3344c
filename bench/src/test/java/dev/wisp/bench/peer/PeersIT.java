package dev.wisp.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.bench.process.LauncherShell;
import dev.wisp.bench.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeersIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PROGRAM = ROOT.resolve("deploy/samples/target/hello/hello");

    @BeforeEach
    void checkHost() {
        assumeTrue(Programs.isRoot(), "needs root");
        assumeTrue(Files.isExecutable(PROGRAM), "needs the sample program, which the build makes: " + PROGRAM);
    }

    @Test
    void crunStartsTheServerAndLeavesNothing() {
        assumeTrue(Programs.find("crun").isPresent(), "needs crun: apt-get install crun");
        try (WorkFolder folder = WorkFolder.create()) {
            try (OciPeer peer = OciPeer.open("crun", folder.path().resolve("crun"), PROGRAM, ROOT)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(peer.startMicros()).isBetween(1_000L, 5_000_000L);
                }
                assertThat(peer.cpuMicros()).isPositive();
            }
        }
        assertThat(Path.of("/run/crun").toFile().list((parent, name) -> name.startsWith("wisp-bench-")))
                .isNullOrEmpty();
    }

    @Test
    void bubblewrapStartsTheServer() {
        assumeTrue(Programs.find("bwrap").isPresent(), "needs bubblewrap: apt-get install bubblewrap");
        try (WorkFolder folder = WorkFolder.create();
                BubblewrapPeer peer = BubblewrapPeer.open(folder.path().resolve("bwrap"), PROGRAM)) {
            for (int i = 0; i < 3; i++) {
                assertThat(peer.startMicros()).isBetween(500L, 5_000_000L);
            }
        }
    }

    /** What is dropped the kernel sends again after a second, and that was in one measurement of twelve. */
    @Test
    void waitsForALoopbackThatIsNotUpNoLongerThanNeeded() throws Exception {
        assumeTrue(Programs.find("ip").isPresent(), "needs ip: apt-get install iproute2");
        try (WorkFolder folder = WorkFolder.create();
                NetworkNamespaces namespaces = new NetworkNamespaces();
                LauncherShell shell = LauncherShell.open(List.of())) {
            Path tried = folder.path().resolve("tried");
            Path pidFile = folder.path().resolve("pid");
            shell.start(
                    ("unshare --net sh -c 'ip addr add 127.0.0.1/8 dev lo; echo $$ > %s; until [ -e %s ]; do :; done;"
                                    + " ip link set lo up; PORT=%d LOG=off exec %s' > /dev/null")
                            .formatted(pidFile, tried, FirstResponse.PORT, PROGRAM));
            long pid = FirstResponse.awaitPid(pidFile);
            CompletableFuture<Long> triedNanos = CompletableFuture.supplyAsync(() -> {
                await().until(() -> connectionsTried(pid) > 0);
                tried.toFile().mkdir();
                return System.nanoTime();
            });

            long answered = namespaces.inside(pid, () -> FirstResponse.awaitFirstByteNanos(FirstResponse.LOOPBACK));

            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            shell.await();
            assertThat((answered - triedNanos.get()) / 1_000_000).isLessThan(500);
        }
    }

    /** In the process's network, whether anybody answered or not. */
    private static int connectionsTried(long pid) throws IOException {
        List<String> tcp = Files.readAllLines(Path.of("/proc/" + pid + "/net/snmp")).stream()
                .filter(line -> line.startsWith("Tcp: "))
                .toList();
        int column = List.of(tcp.getFirst().split(" ")).indexOf("ActiveOpens");
        return Integer.parseInt(tcp.getLast().split(" ")[column]);
    }

    @Test
    void theBareProgramStarts() {
        try (WorkFolder folder = WorkFolder.create();
                BarePeer peer = new BarePeer(folder.path(), PROGRAM)) {
            for (int i = 0; i < 3; i++) {
                assertThat(peer.startMicros()).isBetween(100L, 5_000_000L);
            }
        }
    }

    @Test
    void nginxProxiesToTheServer() {
        assumeTrue(Programs.find("nginx").isPresent(), "needs nginx: apt-get install nginx-light");
        try (WorkFolder folder = WorkFolder.create();
                NginxProxy proxy =
                        NginxProxy.start(folder.path(), Programs.find("nginx").orElseThrow(), PROGRAM)) {
            assertThat(proxy.cpuMicros()).isNotNegative();
            assertThat(proxy.address()).isNotEqualTo(proxy.upstreamAddress());
        }
    }
}
