package dev.wisp.bench.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wisp.bench.process.ProcessCpu;
import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The platform's API, and its process on this host. Thread-safe. */
public final class Platform implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final URI api;
    private final URI gateway;
    private final Path home;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    public Platform(URI api, URI gateway, Path home) {
        this.api = api;
        this.gateway = gateway;
        this.home = home;
    }

    /** Status and body of an answer of the API. */
    public record Answer(int status, JsonNode body) {

        boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    public URI gateway() {
        return gateway;
    }

    public Path home() {
        return home;
    }

    public Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    public Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    public Answer post(String path, JsonNode body) {
        return send("POST", path, BodyPublishers.ofString(body.toString()));
    }

    public Answer put(String path, JsonNode body) {
        return send("PUT", path, BodyPublishers.ofString(body.toString()));
    }

    public Answer upload(String path, Path file) {
        try {
            return send("POST", path, BodyPublishers.ofFile(file));
        } catch (IOException e) {
            throw new BenchException("no image at %s: build it with ./wisp up or mvn package".formatted(file), e);
        }
    }

    /** Fails with the API's problem document unless the answer is a success. */
    public static JsonNode successful(String what, Answer answer) {
        if (!answer.isSuccess()) {
            throw new BenchException("%s: HTTP %d %s".formatted(what, answer.status(), answer.body()));
        }
        return answer.body();
    }

    public boolean isReady() {
        try {
            return get("/q/health/ready").status() == 200;
        } catch (BenchException e) {
            return false;
        }
    }

    /** Its process id, from the pid file of its home. */
    public long pid() {
        Path file = home.resolve("run/wisp.pid");
        try {
            long pid = Long.parseLong(Files.readString(file).strip());
            if (ProcessHandle.of(pid).isPresent()) {
                return pid;
            }
        } catch (IOException | NumberFormatException e) {
            throw new BenchException("no process id in %s: is it the platform's home? --home DIR".formatted(file), e);
        }
        throw new BenchException("the process named in %s does not run".formatted(file));
    }

    /** Processor time of its process. */
    public long cpuMicros() {
        return ProcessCpu.micros(pid());
    }

    @Override
    public void close() {
        client.close();
    }

    private Answer send(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(api.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", path.startsWith("/v1/images") ? "application/x-tar" : "application/json")
                .method(method, body)
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), json(response));
        } catch (IOException e) {
            throw new BenchException("no answer from %s: is the platform up? (wisp up)".formatted(api), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        boolean json = response.headers()
                .firstValue("content-type")
                .filter(type -> type.contains("json"))
                .isPresent();
        return json && response.body().length > 0 ? JSON.readTree(response.body()) : JSON.createObjectNode();
    }
}
