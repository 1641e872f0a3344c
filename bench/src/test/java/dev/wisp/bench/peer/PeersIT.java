package dev.wisp.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.bench.process.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
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
