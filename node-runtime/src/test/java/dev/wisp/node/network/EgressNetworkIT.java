package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a single pair of addresses, so that every sandbox has those of the one before; a process with a network of its own stands for each. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class EgressNetworkIT {

    private static final int PORT = 5_000;
    private static final int NAMES_PORT = 53;
    private static final int ANSWER_MILLIS = 200;
    private static final EgressPlan WORLD = new EgressPlan(
            List.of(),
            List.of(new Allowed(PrivateInternet.WORLD + "/32", PrivateInternet.ECHO_PORT, PrivateInternet.ECHO_PORT)),
            false);
    private static final EgressPlan ELSEWHERE =
            new EgressPlan(List.of(), List.of(new Allowed("198.51.100.0/24", 1, 65_535)), false);

    private static final Descriptors DESCRIPTORS = new Descriptors(Kernel.load());
    private static final Processes PROCESSES = new Processes(Kernel.load());
    private static PrivateInternet internet;
    private static NamespaceSockets namespaces;
    private static EgressNetwork network;

    @BeforeAll
    static void open() {
        assumeTrue("root".equals(System.getProperty("user.name")), "namespaces need root");
        Sockets sockets = new Sockets(Kernel.load());
        internet = new PrivateInternet();
        namespaces = new NamespaceSockets(DESCRIPTORS, PROCESSES, sockets);
        EgressConfig config = new EgressConfig(
                "reuse",
                internet.outside(),
                EgressConfig.POOL_DEFAULT,
                List.of(Cidr.parse(PrivateInternet.WORLD)),
                Map.of(),
                0,
                EgressConfig.Limits.DEFAULT);
        network = new EgressNetwork(DESCRIPTORS, sockets, namespaces, config, new AddressPairs(2));
        network.open();
    }

    @AfterAll
    static void close() {
        if (network != null) {
            network.close();
            namespaces.close();
            internet.close();
        }
    }

    /** Somebody with a network that has nothing but its loopback. */
    private record Inmate(Process process, int pidfd) implements AutoCloseable {

        static Inmate arrive() throws IOException {
            Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
            Process process = new ProcessBuilder("unshare", "--net", "sleep", "600").start();
            Path theirs = Path.of("/proc", Long.toString(process.pid()), "ns/net");
            Awaitility.await().until(() -> !Files.readSymbolicLink(theirs).equals(own));
            return new Inmate(process, PROCESSES.open(process.pid()));
        }

        EgressLeg connect() {
            return network.connect((int) process.pid(), pidfd);
        }

        /** One of the threads that enter namespaces stays here. */
        CompletableFuture<Boolean> occupy(CountDownLatch away, CountDownLatch back) {
            return NamespaceSocketsIT.occupy(namespaces, pidfd, away, back);
        }

        /** The kernel needs a moment until packets come through a new interface; names are asked for by everybody. */
        void awaitWay() {
            Awaitility.await().until(() -> isAnswered(NAMES_PORT));
        }

        /** Whether a datagram that it sends to the world is answered. */
        boolean isAnswered(int port) {
            return namespaces.inside(pidfd, () -> {
                try (DatagramSocket socket = new DatagramSocket(PORT)) {
                    socket.setSoTimeout(ANSWER_MILLIS);
                    byte[] said = "hello".getBytes(StandardCharsets.US_ASCII);
                    socket.send(
                            new DatagramPacket(said, said.length, new InetSocketAddress(PrivateInternet.WORLD, port)));
                    socket.receive(new DatagramPacket(new byte[64], 64));
                    return true;
                } catch (IOException e) {
                    return false;
                }
            });
        }

        @Override
        public void close() {
            try {
                process.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            DESCRIPTORS.close(pidfd);
            // The kernel takes its interfaces away in its own time.
            Awaitility.await().until(() -> network.legs() == 0);
        }
    }

    /** Without a new first packet nobody would ask whether it may. */
    @Test
    void connectionsOfTheOneBeforeAreNotGoneOnWith() throws IOException {
        try (Inmate first = Inmate.arrive()) {
            EgressLeg leg = first.connect();
            leg.open(WORLD, first.pidfd());
            first.awaitWay();
            assertThat(first.isAnswered(PrivateInternet.ECHO_PORT)).isTrue();
            leg.close();
        }

        try (Inmate second = Inmate.arrive()) {
            EgressLeg leg = second.connect();
            leg.open(ELSEWHERE, second.pidfd());
            second.awaitWay();

            assertThat(second.isAnswered(PrivateInternet.ECHO_PORT)).isFalse();
            leg.close();
        }
    }

    /** Whoever would make its end is busy until nobody waits any more. */
    @Test
    void addressesOfWhoCouldNotBeConnectedAreGivenToTheNext() throws IOException {
        try (Inmate first = Inmate.arrive()) {
            CountDownLatch away = new CountDownLatch(2);
            CountDownLatch back = new CountDownLatch(1);
            List<CompletableFuture<Boolean>> busy = List.of(first.occupy(away, back), first.occupy(away, back));
            NamespaceSocketsIT.await(away);

            Thread.currentThread().interrupt();
            assertThatThrownBy(first::connect).isInstanceOf(IllegalStateException.class);
            assertThat(Thread.interrupted()).isTrue();
            back.countDown();
            assertThat(busy).allSatisfy(one -> assertThat(one.join()).isTrue());
        }

        try (Inmate second = Inmate.arrive()) {
            EgressLeg leg = second.connect();
            leg.open(WORLD, second.pidfd());

            second.awaitWay();
            leg.close();
        }
    }
}
