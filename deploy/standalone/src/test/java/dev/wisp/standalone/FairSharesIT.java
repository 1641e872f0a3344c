package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two accounts at one gateway: what one of them floods it with takes no place from the other (ADR 0059). */
class FairSharesIT {

    private static final int HELD_MAX = 40;
    private static final int FLOODING = 3 * HELD_MAX;
    private static final String FLOOD = "flood";
    private static final String CALM = "calm";

    @TempDir
    static Path home;

    private static PlatformProcess platform;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        platform = new PlatformProcess(home)
                .with("wisp.gateway.queue.total-max", Integer.toString(HELD_MAX))
                .start();
        client = platform.client();
        assertThat(client.upload("hello", Client.HELLO).statusCode()).isEqualTo(201);
        // One that serves one call at a time, so that all others wait for it; and one whose every call waits for a
        // start.
        deploy(FLOOD, "slow", "\"autoscaling.knative.dev/max-scale\":\"1\",\"wisp.dev/keep-alive\":\"1m\"");
        deploy(CALM, "cold", "\"wisp.dev/keep-alive\":\"0s\"");
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void aFloodOfOneAccountTakesNoPlaceFromAnother() throws Exception {
        AtomicBoolean flooding = new AtomicBoolean(true);
        var refused = ConcurrentHashMap.<String>newKeySet();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < FLOODING; caller++) {
                callers.execute(() -> {
                    while (flooding.get()) {
                        HttpResponse<String> answer = client.invoke(FLOOD, "slow", "/sleep?ms=100", "GET");
                        if (answer.statusCode() != 200) {
                            refused.add(answer.statusCode() + " " + answer.body());
                        }
                    }
                });
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> !refused.isEmpty());

            List<Integer> statuses = new ArrayList<>();
            Callable<HttpResponse<String>> call = () -> client.invoke(CALM, "cold", "/", "GET");
            for (int round = 0; round < 10; round++) {
                for (Future<HttpResponse<String>> answer : callers.invokeAll(Collections.nCopies(4, call))) {
                    statuses.add(answer.get().statusCode());
                }
            }
            flooding.set(false);

            assertThat(statuses).hasSize(40).containsOnly(200);
        }
        assertThat(refused).allMatch(answer -> answer.startsWith("503"));
        assertThat(refused).anyMatch(answer -> answer.contains("account flood has as many requests held"));
    }

    private static void deploy(String namespace, String name, String annotations) {
        HttpResponse<String> created = client.post(Client.services(namespace), """
                {"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"%s"},
                 "spec":{"template":{"metadata":{"annotations":{%s}},
                 "spec":{"containerConcurrency":1,"containers":[{"image":"wisp.local/hello"}]}}}}""".formatted(name, annotations));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        client.awaitReady(namespace, name);
    }
}
