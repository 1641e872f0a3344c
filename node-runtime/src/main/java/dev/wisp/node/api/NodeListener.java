package dev.wisp.node.api;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.StartInstance;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.node.metering.LocalNode;
import io.quarkus.logging.Log;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The node's door for gateways on other hosts, HTTP/1.1 and h2c: {@code POST /wisp/v1/start} with a {@link StartInstance} answers
 * {@code {"outcome": "started|refused|failed", …}}; any other request carries its {@link Dispatch} as base64url of JSON in
 * {@code x-wisp-dispatch} and is proxied, or handed back with 409, {@code x-wisp-refused} and {@code x-wisp-why}: before its body is
 * read, or when its instance broke off and the dispatch is repeatable. It trusts whoever reaches it: bind it to a network that only
 * gateways are on.
 */
final class NodeListener implements AutoCloseable {

    static final String START_PATH = "/wisp/v1/start";
    static final String DISPATCH = "x-wisp-dispatch";
    static final String REFUSED = "x-wisp-refused";
    static final String WHY = "x-wisp-why";
    static final String BROKEN = "BROKEN";
    private static final int START_BYTES_MAX = 4 << 10;
    private static final int HEADER_BYTES_MAX = 48 << 10;

    private final LocalNode node;
    private final HttpServer server;

    private NodeListener(Vertx vertx, LocalNode node, String host, int port) {
        this.node = node;
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(host)
                        .setPort(port)
                        .setMaxHeaderSize(HEADER_BYTES_MAX)
                        .setHttp2ClearTextEnabled(true))
                .requestHandler(this::handle);
    }

    /** Listens on {@code host:port}; a port that is taken is logged, and only local gateways reach the node. */
    static NodeListener open(Vertx vertx, LocalNode node, String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1 || !address.substring(colon + 1).matches("\\d{1,5}")) {
            throw new IllegalArgumentException("wisp.node.listen=%s, must be host:port".formatted(address));
        }
        NodeListener listener = new NodeListener(
                vertx, node, address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        listener.server
                .listen()
                .onSuccess(server -> Log.infof("node listens for gateways on %s:%d", address, server.actualPort()))
                .onFailure(failure -> Log.errorf("node cannot listen on %s: %s", address, failure.getMessage()));
        return listener;
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpServerRequest request) {
        if (START_PATH.equals(request.path()) && request.method().equals(HttpMethod.POST)) {
            start(request);
        } else {
            proxy(request);
        }
    }

    private void start(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() <= START_BYTES_MAX) {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> {
            StartInstance command;
            try {
                command = WireJson.read(body.getBytes(), StartInstance.class);
            } catch (IllegalArgumentException e) {
                problem(request, Problem.of(ErrorCode.MALFORMED, "not a start command"));
                return;
            }
            node.start(command).onSuccess(outcome -> answer(request, outcome));
        });
    }

    private static void answer(HttpServerRequest request, StartOutcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        switch (outcome) {
            case StartOutcome.Started started -> {
                fields.put("outcome", "started");
                fields.put("instanceId", started.instanceId());
                fields.put("slots", started.slots());
                fields.put("timing", started.timing());
            }
            case StartOutcome.Refused refused -> {
                fields.put("outcome", "refused");
                fields.put("refusal", refused.refusal());
                fields.put("detail", refused.detail());
            }
            case StartOutcome.Failed failed -> {
                fields.put("outcome", "failed");
                fields.put("problem", failed.problem());
            }
        }
        request.response().putHeader("content-type", "application/json").end(Buffer.buffer(WireJson.write(fields)));
    }

    private void proxy(HttpServerRequest request) {
        request.pause();
        Dispatch dispatch;
        try {
            byte[] json = Base64.getUrlDecoder().decode(String.valueOf(request.getHeader(DISPATCH)));
            dispatch = WireJson.read(json, Dispatch.class);
        } catch (IllegalArgumentException e) {
            request.resume();
            problem(request, Problem.of(ErrorCode.BAD_REQUEST, DISPATCH + " is missing or not a dispatch"));
            return;
        }
        node.forwarded(request, dispatch).onSuccess(outcome -> {
            switch (outcome) {
                case ProxyOutcome.Done done -> {}
                case ProxyOutcome.Refused refused ->
                    handBack(request, refused.why().name(), refused.detail());
                case ProxyOutcome.Broken broken -> handBack(request, BROKEN, broken.detail());
            }
        });
    }

    private static void handBack(HttpServerRequest request, String why, String detail) {
        request.response()
                .setStatusCode(409)
                .putHeader(REFUSED, detail)
                .putHeader(WHY, why)
                .end();
        request.resume();
    }

    private static void problem(HttpServerRequest request, Problem problem) {
        request.response()
                .setStatusCode(problem.status())
                .putHeader("content-type", Problem.MEDIA_TYPE)
                .end(Buffer.buffer(WireJson.write(problem)));
    }
}
