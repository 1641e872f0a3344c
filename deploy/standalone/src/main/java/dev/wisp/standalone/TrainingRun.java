package dev.wisp.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * One short run of everything for the JVM to remember: with {@code wisp.training.archive} set the process deploys that image to itself,
 * calls it (through a socket, because the JDK's client sets no {@code Host}), looks at the bill and ends. Run with {@code -XX:AOTCacheOutput} by the build, it makes later starts three times as fast
 * (9.4 s to 2.3 s, measured on the bare process).
 */
@ApplicationScoped
class TrainingRun {

    private static final Logger LOG = Logger.getLogger(TrainingRun.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String SERVICES = "/apis/serving.knative.dev/v1/namespaces/default/services";

    /**
     * What the JVM compiled here it compiles early in every later run, from the profile of this one; so there are as many calls as it
     * takes for the path of a call to be compiled to the end.
     */
    private static final int COLD_CALLS = 300;

    private static final int WARM_CALLS = 15_000;

    /** At once, so that records are shipped and stored by the hundred, as on a busy node. */
    private static final int BUSY_CONNECTIONS = 16;

    private static final int BUSY_CALLS = 8_000;

    /** Until an instance without keep-alive is gone again. */
    private static final Duration GONE = Duration.ofMillis(12);

    private final Optional<String> archive;
    private final URI api;
    private final URI gateway;

    TrainingRun(
            @ConfigProperty(name = "wisp.training.archive") Optional<String> archive,
            @ConfigProperty(name = "quarkus.http.port") int apiPort,
            @ConfigProperty(name = "wisp.gateway.port", defaultValue = "8080") int gatewayPort) {
        this.archive = archive;
        this.api = URI.create("http://127.0.0.1:" + apiPort);
        this.gateway = URI.create("http://127.0.0.1:" + gatewayPort);
    }

    void start(@Observes StartupEvent event) {
        archive.ifPresent(
                file -> Thread.ofPlatform().daemon().name("training-run").start(() -> run(Path.of(file))));
    }

    private void run(Path file) {
        int exitCode = 1;
        try (HttpClient http = HttpClient.newHttpClient()) {
            train(http, file);
            exitCode = 0;
        } catch (IOException | IllegalStateException e) {
            LOG.error("training run failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Quarkus.asyncExit(exitCode);
    }

    private void train(HttpClient http, Path file) throws IOException, InterruptedException {
        await(() -> send(http, "GET", api.resolve("/q/health/ready"), BodyPublishers.noBody())
                        .status()
                == 200);
        send(http, "POST", api.resolve("/v1/images?name=training"), BodyPublishers.ofFile(file));
        deploy(http, "training", "1s");
        deploy(http, "training-cold", "0s");
        call("training", WARM_CALLS);
        callAtOnce("training");
        try (HostSocket kept = HostSocket.open(gateway, "training-cold.default.localhost")) {
            for (int call = 0; call < COLD_CALLS; call++) {
                kept.getKept("/");
                Thread.sleep(GONE);
            }
        }
        for (String page : List.of(
                "/v1/usage?namespace=default",
                "/v1/billing/current",
                "/v1/overview",
                "/console/",
                SERVICES,
                "/v1/namespaces/default/services/training/logs?tail=5",
                "/q/metrics")) {
            send(http, "GET", api.resolve(page), BodyPublishers.noBody());
        }
    }

    private void deploy(HttpClient http, String name, String keepAlive) throws IOException, InterruptedException {
        send(http, "POST", api.resolve(SERVICES), BodyPublishers.ofString("""
                {"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"%s"},"spec":{"template":
                {"metadata":{"annotations":{"wisp.dev/keep-alive":"%s"}},
                "spec":{"containers":[{"image":"wisp.local/training"}]}}}}""".formatted(name, keepAlive)));
        await(() -> invoke(name).status() == 200);
    }

    /** Over one connection. */
    private void call(String name, int calls) throws IOException {
        try (HostSocket kept = HostSocket.open(gateway, name + ".default.localhost")) {
            for (int call = 0; call < calls; call++) {
                kept.getKept("/");
            }
        }
    }

    private void callAtOnce(String name) throws InterruptedException {
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < BUSY_CONNECTIONS; caller++) {
            callers.add(Thread.ofPlatform()
                    .daemon()
                    .name("training-caller-", caller)
                    .start(() -> callOrLog(name)));
        }
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private void callOrLog(String name) {
        try {
            call(name, BUSY_CALLS);
        } catch (IOException e) {
            LOG.warn("a caller of the training run gave up", e);
        }
    }

    private Answer invoke(String name) throws IOException {
        try (HostSocket socket = HostSocket.open(gateway, name + ".default.localhost")) {
            return new Answer(socket.get("/"));
        }
    }

    private static Answer send(HttpClient http, String method, URI uri, BodyPublisher body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build();
        return new Answer(http.send(request, BodyHandlers.discarding()).statusCode());
    }

    private static void await(Check check) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(TIMEOUT);
        while (!holds(check)) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("not within " + TIMEOUT);
            }
            Thread.sleep(PAUSE);
        }
    }

    /** The run begins before the process listens. */
    private static boolean holds(Check check) throws IOException, InterruptedException {
        try {
            return check.holds();
        } catch (ConnectException e) {
            return false;
        }
    }

    private record Answer(int status) {}

    /** A condition that may need the network to be seen. */
    private interface Check {
        boolean holds() throws IOException, InterruptedException;
    }
}
