package dev.wisp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wisp.cli.console.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speaks the part of the platform's API that the command line uses, over a table of answers. A service that is written becomes ready
 * at its second look, or fails when {@link #failing} says how.
 */
final class FakePlatform implements AutoCloseable {

    /** What marks the answer to later pages. */
    static final String LATER = "?cursor";

    private static final String SERVICES = "/apis/serving.knative.dev/v1/namespaces/default/services";

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> headers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, ObjectNode> services = new ConcurrentHashMap<>();
    private volatile String problem = "";
    private final AtomicInteger looks = new AtomicInteger();

    /** Status and body. */
    record Answer(int status, String body) {}

    FakePlatform() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Every request so far: {@code POST /path body}. */
    List<String> requests() {
        return requests;
    }

    /**
     * @param methodAndPath with {@link #LATER} behind it, only what is asked for with a cursor
     */
    FakePlatform answer(String methodAndPath, int status, String body) {
        answers.put(methodAndPath, new Answer(status, body));
        return this;
    }

    /** Every deployment fails with this problem document. */
    FakePlatform failing(String problemJson) {
        problem = problemJson;
        return this;
    }

    JsonNode service(String name) {
        ObjectNode service = services.get(name);
        if (service == null) {
            throw new AssertionError("no service " + name + " in " + services.keySet());
        }
        return service;
    }

    /** Fields of a fixed answer. */
    void headers(String key, Map<String, String> fields) {
        headers.put(key, fields);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        String key = exchange.getRequestMethod() + " " + path;
        boolean text = exchange.getRequestHeaders().getFirst("Content-Type") == null
                || !"application/x-tar".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + (text ? new String(bytes, StandardCharsets.UTF_8) : bytes.length + " bytes"));
        boolean later = String.valueOf(exchange.getRequestURI().getQuery()).contains("cursor=");
        Answer fixed = answers.get(later && answers.containsKey(key + LATER) ? key + LATER : key);
        Answer answer = fixed != null ? fixed : serve(exchange.getRequestMethod(), path, bytes);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("X-Invocation-Id", "0190-test");
        exchange.getResponseHeaders().set("X-Cold-Start", "true");
        exchange.getResponseHeaders().set("X-Billed-Duration-Ms", "1");
        exchange.getResponseHeaders().set("X-Cpu-Time-Us", "310");
        exchange.getResponseHeaders().set("X-Cost", "0.000000200312 USD");
        exchange.getResponseHeaders()
                .set(
                        "Server-Timing",
                        "queue;dur=0.05, start;dur=3.9;desc=\"cold\", start-exec;dur=1.2, start-listen;dur=2.7, app;dur=0.4, total;dur=4.4");
        headers.getOrDefault(key, Map.of()).forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Answer serve(String method, String path, byte[] body) throws IOException {
        if (method.equals("POST") && path.equals(SERVICES)) {
            return write(Json.parse(new String(body, StandardCharsets.UTF_8)), 1);
        }
        if (path.startsWith(SERVICES + "/")) {
            String name = path.substring(SERVICES.length() + 1);
            ObjectNode known = services.get(name);
            if (known == null) {
                return notFound("service '%s' does not exist".formatted(name));
            }
            return switch (method) {
                case "PUT" -> write(Json.parse(new String(body, StandardCharsets.UTF_8)), 2);
                case "DELETE" -> new Answer(200, services.remove(name) == null ? "" : "{}");
                default -> look(known);
            };
        }
        return path.endsWith("/progress") ? progress() : notFound("nothing at " + path);
    }

    private Answer progress() {
        String phases = "[{\"name\":\"image\",\"micros\":12000,\"detail\":\"1 layer\"}";
        if (looks.incrementAndGet() == 1) {
            return new Answer(
                    200, "{\"version\":1,\"done\":false,\"state\":\"STARTING\",\"phases\":%s]}".formatted(phases));
        }
        String outcome = problem.isEmpty()
                ? "\"state\":\"READY\""
                : "\"state\":\"FAILED\",\"traffic\":\"hello-00001\",\"problem\":" + problem;
        return new Answer(
                200,
                "{\"version\":2,\"done\":true,\"revision\":\"hello-00002\",%s,\"phases\":%s,%s]}"
                        .formatted(outcome, phases, "{\"name\":\"start\",\"micros\":2500,\"detail\":\"port 8080\"}"));
    }

    private Answer write(JsonNode sent, int generation) {
        ObjectNode service = sent.deepCopy();
        String name = service.path("metadata").path("name").asText();
        ((ObjectNode) service.get("metadata")).put("generation", generation).put("resourceVersion", "7" + generation);
        ObjectNode status = service.putObject("status");
        status.put("latestCreatedRevisionName", "%s-%05d".formatted(name, generation))
                .put("url", "http://%s.default.localhost:%d".formatted(name, port()));
        looks.set(0);
        services.put(name, service);
        return new Answer(generation == 1 ? 201 : 200, service.toString());
    }

    private Answer look(ObjectNode service) {
        ObjectNode status = (ObjectNode) service.get("status");

        if (looks.incrementAndGet() > 1) {
            status.put(
                    "observedGeneration",
                    service.path("metadata").path("generation").asLong());
            ObjectNode condition = status.putArray("conditions").addObject();
            condition
                    .put("type", "Ready")
                    .put("status", problem.isEmpty() ? "True" : "False")
                    .put("message", "said so");
            status.putArray("traffic")
                    .addObject()
                    .put("percent", 100)
                    .put(
                            "revisionName",
                            status.path("latestCreatedRevisionName").asText());
        }
        return new Answer(200, service.toString());
    }

    private static Answer notFound(String detail) {
        return new Answer(
                404,
                "{\"type\":\"/errors#E1803\",\"status\":404,\"code\":\"E1803\",\"title\":\"Not found\",\"detail\":\"%s\"}"
                        .formatted(detail));
    }
}
