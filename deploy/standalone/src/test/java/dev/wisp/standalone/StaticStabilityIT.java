package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.embedded.EmbeddedKafka;
import dev.wisp.embedded.EmbeddedPostgresServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deployed goes on answering, warm and cold, whatever of the rest is away; and the ledger catches up. */
class StaticStabilityIT {

    private static final int COLD_STARTS = 10;
    private static final int MOST_CALLS = 50;

    @TempDir
    Path folder;

    private final Set<String> invocationIds = new LinkedHashSet<>();

    @Test
    void servesWarmAndColdWithoutBrokerDatabaseAndControlPlane() throws Exception {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        // JUnit makes its folders private; sandboxes must be able to pass through.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        int kafkaPort = PlatformProcess.freePort();
        int postgresPort = PlatformProcess.freePort();
        EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), kafkaPort);
        SharedStart.linkPrograms(folder.resolve("postgres"));
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.start(folder.resolve("postgres"), postgresPort);
        try (PlatformProcess control =
                        process("control", "function-controller,autoscaler,billing", kafkaPort, postgresPort);
                PlatformProcess data = process("data", "gateway,node-runtime", kafkaPort, postgresPort)
                        .with(
                                "wisp.controller.registry.address",
                                control.setting("wisp.controller.registry.address"))) {
            // At the same time: neither waits for the other.
            control.launch();
            data.launch();
            control.awaitReady();
            data.awaitReady();
            Client deployer = control.client();
            Client caller = data.client();
            deployer.deployHello("warm", "\"wisp.dev/keep-alive\":\"5m\"");
            deployer.deployHello("cold", "\"wisp.dev/keep-alive\":\"0s\"");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> caller.invoke("cold", "/").statusCode() == 200
                            && caller.invoke("warm", "/").statusCode() == 200);
            callBoth(caller, "everything is up");

            kafka.close();
            callBoth(caller, "broker is away");
            kafka = EmbeddedKafka.start(folder.resolve("kafka"), kafkaPort);
            postgres.close();
            callBoth(caller, "database is away");
            postgres = EmbeddedPostgresServer.start(folder.resolve("postgres"), postgresPort);
            control.kill();
            callBoth(caller, "control plane is away");
            kafka.close();
            postgres.close();
            callBoth(caller, "everything else is away");

            kafka = EmbeddedKafka.start(folder.resolve("kafka"), kafkaPort);
            postgres = EmbeddedPostgresServer.start(folder.resolve("postgres"), postgresPort);
            control.start();
            callBoth(caller, "everything is back");
            awaitLedger(control.client());
        } finally {
            kafka.close();
            postgres.close();
        }
    }

    /** Until ten calls have started an instance; one may still find the instance of the call before, which is about to stop. */
    private void callBoth(Client caller, String when) {
        int coldStarts = 0;
        for (int call = 0; coldStarts < COLD_STARTS && call < MOST_CALLS; call++) {
            answered(caller, "warm", when);
            HttpResponse<String> cold = answered(caller, "cold", when);
            coldStarts += cold.headers().firstValue("x-cold-start").orElse("").equals("true") ? 1 : 0;
        }
        assertThat(coldStarts).as("cold starts while %s", when).isEqualTo(COLD_STARTS);
    }

    private HttpResponse<String> answered(Client caller, String service, String when) {
        HttpResponse<String> response = caller.invoke(service, "/");
        assertThat(response.statusCode())
                .as("%s call while %s: %s", service, when, response.body())
                .isEqualTo(200);
        invocationIds.add(response.headers().firstValue("x-invocation-id").orElseThrow());
        return response;
    }

    private void awaitLedger(Client billing) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> ids(billing).containsAll(invocationIds));
        List<String> ids = ids(billing);
        assertThat(ids).doesNotHaveDuplicates();
    }

    private static List<String> ids(Client billing) {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            HttpResponse<String> response = billing.get("/v1/billing/records?limit=500" + cursor);
            if (response.statusCode() != 200) {
                return List.of();
            }
            JsonNode page = Client.json(response);
            page.path("records")
                    .forEach(record -> ids.add(record.path("invocationId").asText()));
            cursor = page.path("nextCursor").asText("").isEmpty()
                    ? ""
                    : "&cursor=" + page.path("nextCursor").asText();
        } while (!cursor.isEmpty());
        return ids;
    }

    private PlatformProcess process(String name, String services, int kafkaPort, int postgresPort) throws IOException {
        return new PlatformProcess(folder.resolve(name))
                .with("wisp.services", services)
                .with("wisp.kafka.bootstrap-servers", "127.0.0.1:" + kafkaPort)
                .with("wisp.postgres.url", "postgresql://postgres@127.0.0.1:%d/postgres".formatted(postgresPort));
    }
}
