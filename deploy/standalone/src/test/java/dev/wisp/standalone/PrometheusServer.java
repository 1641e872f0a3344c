package dev.wisp.standalone;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's Prometheus with the configuration that Wisp comes with, its target and its period changed. */
final class PrometheusServer implements AutoCloseable {

    static final Path PROGRAM = Path.of("/usr/bin/prometheus");
    static final Path FOLDER = Path.of("../prometheus");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    PrometheusServer(Path home, int targetPort) throws IOException {
        port = PlatformProcess.freePort();
        Files.createDirectories(home);
        Files.copy(FOLDER.resolve("alerts.yml"), home.resolve("alerts.yml"));
        String shipped = Files.readString(FOLDER.resolve("prometheus.yml"));
        Files.writeString(
                home.resolve("prometheus.yml"),
                shipped.replace("127.0.0.1:8081", "127.0.0.1:" + targetPort).replace("10s", "1s"));
        process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--config.file=" + home.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + home.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        await("prometheus ready")
                .atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> get("/-/ready").statusCode() == 200);
    }

    /** What an instant query finds. */
    JsonNode query(String expression) {
        try {
            HttpResponse<String> answer =
                    get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
            JsonNode body = JSON.readTree(answer.body());
            if (!body.path("status").asText().equals("success")) {
                throw new IllegalStateException("%s: %s".formatted(expression, answer.body()));
            }
            return body.at("/data/result");
        } catch (IOException e) {
            throw new IllegalStateException("asking " + expression, e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs promtool with this input and returns what it says, empty when it has nothing to say. */
    static String promtool(String input, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of("/usr/bin/promtool"));
        command.addAll(List.of(arguments));
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stdin = tool.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return tool.waitFor() == 0 ? "" : said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(TIMEOUT)
                            .build(),
                    BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
