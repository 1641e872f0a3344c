package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job: an image goes in, a call comes out of a sandbox, the ledger has it, and both say the same price. */
class EndToEndIT {

    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir
    static Path home;

    private static PlatformProcess platform;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        platform = new PlatformProcess(home).start();
        client = platform.client();
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void firstCallStartsASandboxAndTheSecondFindsIt() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"1m\"");

        HttpResponse<String> first = client.invoke(name, "/");
        HttpResponse<String> second = client.invoke(name, "/");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.headers().firstValue("x-invocation-id")).isPresent();
        assertThat(second.headers().firstValue("x-cold-start")).contains("false");
        assertThat(second.headers().firstValue("server-timing").orElse("")).contains("queue;dur=", "app;dur=");
        assertThat(second.headers().firstValue("x-revision")).contains(name + "-00001");
    }

    @Test
    void keepAliveOfZeroLeavesNoInstanceBehindACall() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"0s\"");

        for (int call = 0; call < 5; call++) {
            awaitNoInstance(name);
            HttpResponse<String> response = client.invoke(name, "/");

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.headers().firstValue("x-cold-start")).contains("true");
            assertThat(response.headers().firstValue("server-timing").orElse(""))
                    .contains("start;dur=");
        }
    }

    @Test
    void anIdleInstanceIsGoneAfterItsKeepAlive() throws IOException {
        String name = deploy("");

        assertThat(client.invoke(name, "/").statusCode()).isEqualTo(200);

        awaitNoInstance(name);
    }

    @Test
    void bodiesStreamBothWays() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"1m\"");
        String body = "wisp".repeat(300_000);

        HttpResponse<String> echoed = client.invoke(name, "/echo", body);

        assertThat(echoed.statusCode()).isEqualTo(200);
        assertThat(echoed.body()).isEqualTo(body);
    }

    @Test
    void ledgerHasEveryCallOnceAtThePriceTheCallerSaw() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"1m\"");
        HttpResponse<String> call = client.invoke(name, "/burn?ms=20");
        String id = call.headers().firstValue("x-invocation-id").orElseThrow();

        await().atMost(Duration.ofSeconds(15))
                .until(() -> client.get("/v1/billing/records/" + id).statusCode() == 200);
        JsonNode record = Client.json(client.get("/v1/billing/records/" + id));
        JsonNode usage = Client.json(client.get("/v1/usage?namespace=default&service=" + name));

        String cost = call.headers().firstValue("x-cost").orElseThrow();
        assertThat(cost).startsWith(record.path("cost").asText());
        assertThat(record.path("cpuMicros").asLong()).isBetween(15_000L, 200_000L);
        assertThat(usage.toString()).contains(record.path("costPicos").asText());
    }

    @Test
    void whatTheContainerPrintsCanBeRead() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"1m\"");
        client.invoke(name, "/");

        await().atMost(Duration.ofSeconds(5))
                .until(() -> client.get("/v1/namespaces/default/services/" + name + "/logs?tail=20")
                        .body()
                        .contains(name + "-00001"));
    }

    @Test
    void aNewRevisionTakesOverAndADeletedServiceIsGone() throws IOException {
        String name = deploy("");
        JsonNode service = Client.json(client.get(Client.services("default") + "/" + name));
        String version = service.path("metadata").path("resourceVersion").asText();
        String changed = Client.service(name, "wisp.local/" + name, "\"wisp.dev/keep-alive\":\"2s\"")
                .replace("\"metadata\":{\"name\"", "\"metadata\":{\"resourceVersion\":\"" + version + "\",\"name\"");

        assertThat(client.put(Client.services("default") + "/" + name, changed).statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.invoke(name, "/")
                        .headers()
                        .firstValue("x-revision")
                        .orElse("")
                        .equals(name + "-00002"));

        assertThat(client.delete(Client.services("default") + "/" + name).statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> client.invoke(name, "/").statusCode() == 404);
    }

    private static void awaitNoInstance(String name) {
        await("no instance of " + name)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !client.get("/v1/instances").body().contains(name + "-00001"));
    }

    private static String deploy(String annotations) throws IOException {
        String name = "hello-" + NAMES.incrementAndGet();
        client.deployHello(name, annotations);
        return name;
    }
}
