package dev.wisp.gateway.async;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.HeaderField;
import dev.wisp.contracts.async.Payload;
import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.dataplane.WispHeaders;
import dev.wisp.contracts.problem.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes calls through the gateway's own listener, as any caller would: with its routing, its queue, its scaling, its meter. Only the
 * invocation id is chosen here, which the gateway believes because of a word that no one else knows.
 */
final class LoopbackCaller {

    private static final int HEADERS_BYTES_MAX = 16 << 10;

    /** Beyond what any service may take, its wait for an instance included: the gateway answers before. */
    private static final long ANSWER_MILLIS_MAX = 2L * 3_600 * 1_000;

    private final HttpClient client;
    private final SocketAddress gateway;
    private final CallPass pass;
    private final int bodyBytesMax;

    LoopbackCaller(Vertx vertx, SocketAddress gateway, CallPass pass, AsyncSettings settings) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true).setDecompressionSupported(false),
                new PoolOptions().setHttp1MaxSize(settings.inFlightMax()));
        this.gateway = gateway;
        this.pass = pass;
        this.bodyBytesMax = settings.resultBytesMax();
    }

    /** Never fails. */
    Future<Attempt> call(String id, String host, AsyncCall call) {
        RequestOptions options = new RequestOptions()
                .setServer(gateway)
                .setHost(host)
                .setPort(gateway.port())
                .setMethod(HttpMethod.valueOf(call.method()))
                .setURI(call.uri())
                .setTimeout(ANSWER_MILLIS_MAX);
        call.headers().forEach(field -> options.addHeader(field.name(), field.value()));
        options.putHeader(WispHeaders.ASYNC_CALL, pass.of(call.attemptId(), call.attempts() + 1));
        if (!isNamed(call.headers(), StoredHead.IDEMPOTENCY_KEY)) {
            options.putHeader(StoredHead.IDEMPOTENCY_KEY, id);
        }
        return client.request(options)
                .compose(request -> send(request, call.body()).compose(this::read))
                .otherwise(
                        failure -> new Attempt.NotMade("the gateway did not answer itself: " + failure.getMessage()));
    }

    Future<Void> close() {
        return client.close();
    }

    private static boolean isNamed(List<HeaderField> fields, String name) {
        return fields.stream().anyMatch(field -> field.name().equalsIgnoreCase(name));
    }

    private static Future<HttpClientResponse> send(HttpClientRequest request, Payload body) {
        return body.length() == 0 ? request.send() : request.send(Buffer.buffer(body.bytes()));
    }

    /** Reads all of it, since a reader who leaves early is on the record as a caller who left; keeps what fits. */
    private Future<Attempt> read(HttpClientResponse response) {
        Promise<Attempt> read = Promise.promise();
        Buffer body = Buffer.buffer();
        boolean[] over = {false};
        response.handler(chunk -> {
            over[0] |= body.length() + chunk.length() > bodyBytesMax;
            if (!over[0]) {
                body.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(
                broken -> read.tryComplete(new Attempt.Failed("its answer broke off: " + broken.getMessage())));
        response.endHandler(ended -> read.tryComplete(attempt(response, over[0] ? Buffer.buffer() : body, !over[0])));
        return read.future();
    }

    private static Attempt attempt(HttpClientResponse response, Buffer body, boolean bodyKept) {
        // The node writes this field into every answer of a workload and takes it out of what workloads say themselves.
        if (!response.headers().contains(WispHeaders.REVISION)) {
            return ofPlatform(response.statusCode(), body.getBytes());
        }
        List<HeaderField> fields = new ArrayList<>();
        int bytes = 0;
        for (Map.Entry<String, String> field : response.headers()) {
            bytes += field.getKey().length() + field.getValue().length();
            if (StoredHead.isStored(field.getKey()) && bytes <= HEADERS_BYTES_MAX) {
                fields.add(new HeaderField(field.getKey(), field.getValue()));
            }
        }
        return new Attempt.Answered(
                response.statusCode(),
                StoredHead.seconds(response.getHeader("retry-after")),
                fields,
                new Payload(body.getBytes()),
                bodyKept);
    }

    /** The gateway's limits pass by themselves; a workload that does not start does not. */
    private static Attempt ofPlatform(int status, byte[] body) {
        String code = "";
        String detail = "answer " + status + " of the gateway";
        try {
            JsonNode problem = WireJson.read(body, JsonNode.class);
            code = problem.path("code").asText();
            detail = code + ": " + problem.path("detail").asText();
        } catch (IllegalArgumentException e) {
            // Not a problem document: the status says enough.
        }
        boolean passes =
                (code.startsWith("E14") || code.startsWith("E15")) && !code.equals(ErrorCode.BAD_REQUEST.code());
        return passes ? new Attempt.NotMade(detail) : new Attempt.Failed(detail);
    }
}
