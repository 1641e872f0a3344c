package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service asks for a way out over the API: what it reaches by name and address, what it does not, and what is left when the platform is killed. */
class EgressEndToEndIT {

    private static final Path HELLO_JAVA =
            Path.of("../samples/target/hello-java-oci.tar").toAbsolutePath();
    private static final String EGRESS = "\"wisp.dev/keep-alive\":\"1m\",\"wisp.dev/network\":\"egress\"";
    private static final String ALLOW = ",\"wisp.dev/egress-allow\":\"%s\"";

    @TempDir
    static Path home;

    private static PrivateWorld world;
    private static PlatformProcess platform;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        world = new PrivateWorld();
        platform = new PlatformProcess(home)
                .with("wisp.node.network.uplink", world.uplink())
                .with("wisp.node.network.nameservers", PrivateWorld.WORLD)
                .start();
        client = platform.client();
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
        if (world != null) {
            world.close();
        }
    }

    private static HttpResponse<String> reach(String service, String where, int port) {
        return client.invoke(service, "/reach?" + where + ":" + port);
    }

    @Test
    void anAllowedServerIsReachedByNameAndNothingElseIs() throws IOException {
        assertThat(world.reach(PrivateWorld.METADATA, World.PORT)).as("control").startsWith("world");
        assertThat(world.reach(PrivateWorld.PRIVATE, World.PORT)).as("control").startsWith("world");
        client.deploy("out", HELLO_JAVA, EGRESS + ALLOW.formatted(PrivateWorld.WORLD + ":" + World.PORT));

        HttpResponse<String> allowed = reach("out", "shop.example.test", World.PORT);

        assertThat(allowed.body())
                .isEqualTo("reached %s: world %s\n".formatted(PrivateWorld.WORLD, PrivateWorld.UPLINK));
        for (String closed : List.of(PrivateWorld.METADATA, PrivateWorld.PRIVATE)) {
            assertThat(reach("out", closed, World.PORT).body()).as(closed).startsWith("not reached: ");
        }
        assertThat(reach("out", PrivateWorld.WORLD, World.OTHER_PORT).body()).startsWith("not reached: ");
    }

    /** What listens on the host's loopback is not on the sandbox's. */
    @Test
    void thePlatformItselfIsOutOfReach() throws IOException {
        client.deploy("curious", HELLO_JAVA, EGRESS);

        List<Integer> ports = new ArrayList<>();
        for (String key : List.of("quarkus.http.port", "wisp.gateway.port")) {
            ports.add(Integer.parseInt(platform.setting(key)));
        }
        for (int port : ports) {
            try (Socket control = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(control.isConnected()).as("control").isTrue();
            }
            assertThat(reach("curious", "127.0.0.1", port).body()).startsWith("not reached: ");
        }
        assertThat(reach("curious", PrivateWorld.WORLD, World.PORT).body()).startsWith("reached");
    }

    @Test
    void aServiceThatDoesNotAskHasNoNetwork() throws IOException {
        client.deploy("closed", HELLO_JAVA, "\"wisp.dev/keep-alive\":\"1m\"");

        assertThat(reach("closed", PrivateWorld.WORLD, World.PORT).body()).startsWith("not reached: ");
        assertThat(reach("closed", "shop.example.test", World.PORT).body()).startsWith("not reached: ");
    }

    @Test
    void aPrivateRangeTheNodeKeepsClosedIsRefusedWithItsReason() throws IOException {
        assertThat(client.upload("insider", HELLO_JAVA).statusCode()).isEqualTo(201);
        String body = Client.service("insider", "wisp.local/insider", EGRESS + ALLOW.formatted("10.9.9.9:7001"));

        assertThat(client.post(Client.services("default"), body).statusCode()).isEqualTo(201);

        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.readyCondition("insider").equals("False"));
        JsonNode service = Client.json(client.get(Client.services("default") + "/insider"));
        assertThat(service.path("status").toString())
                .contains("E1205", "10.9.9.9/32:7001 is a private range, and this node opens none");
    }

    @Test
    void aServiceThatAsksForIpv6IsToldWhatTheUplinkLacks() throws IOException {
        assertThat(client.upload("six", HELLO_JAVA).statusCode()).isEqualTo(201);
        String annotations = EGRESS + ",\"wisp.dev/ip-families\":\"IPv4,IPv6\"";

        assertThat(client.post(Client.services("default"), Client.service("six", "wisp.local/six", annotations))
                        .statusCode())
                .isEqualTo(201);

        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.readyCondition("six").equals("False"));
        assertThat(Client.json(client.get(Client.services("default") + "/six"))
                        .path("status")
                        .toString())
                .contains("E1205", "sysctl -w net.ipv6.conf.all.forwarding=1");
    }

    @Test
    void killedPlatformLeavesNothingAndItsSuccessorWorks() throws IOException {
        client.deploy("phoenix", HELLO_JAVA, EGRESS);
        assertThat(reach("phoenix", PrivateWorld.WORLD, World.PORT).body()).startsWith("reached");
        assertThat(world.interfaces()).hasSize(2);
        assertThat(world.rules()).contains("masquerade");

        platform.kill();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(world.interfaces()).containsExactly("wan"));
        assertThat(world.rules()).isEmpty();
        platform.start();
        assertThat(reach("phoenix", PrivateWorld.WORLD, World.PORT).body()).startsWith("reached");
    }
}
