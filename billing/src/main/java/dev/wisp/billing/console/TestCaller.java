package dev.wisp.billing.console;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sends one request to the gateway and keeps the beginning of its answer. */
final class TestCaller {

    private static final Duration WAIT_MAX = Duration.ofSeconds(60);
    private static final int SHOWN_BYTES_MAX = 64 << 10;
    /** An answer that never ends is cut off here. */
    private static final long READ_BYTES_MAX = 16L << 20;

    private final HttpClient client;
    private final String gatewayHost;
    private final int gatewayPort;

    TestCaller(Vertx vertx, String gatewayHost, int gatewayPort) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(false).setConnectTimeout(2_000));
        this.gatewayHost = gatewayHost;
        this.gatewayPort = gatewayPort;
    }

    Uni<TestCall.Answer> send(String host, TestCall call) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(TestCallPolicy.method(call)))
                .setHost(gatewayHost)
                .setPort(gatewayPort)
                .setURI(TestCallPolicy.path(call))
                .setTimeout(WAIT_MAX.toMillis());
        return Uni.createFrom()
                .completionStage(() -> {
                    long startedNanos = System.nanoTime();
                    return client.request(options)
                            .compose(request -> exchange(request, host, call, startedNanos))
                            .toCompletionStage();
                })
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> new ProblemException(Problem.of(
                                ErrorCode.NODE_UNREACHABLE,
                                "the gateway at %s:%d did not give a whole answer: %s"
                                        .formatted(gatewayHost, gatewayPort, failure.getMessage()))
                        .withHint("wisp status")));
    }

    private static Future<TestCall.Answer> exchange(
            HttpClientRequest request, String host, TestCall call, long startedNanos) {
        request.authority(io.vertx.core.net.HostAndPort.create(host, -1));
        if (call.headers() != null) {
            call.headers().forEach(request::putHeader);
        }
        Promise<TestCall.Answer> answer = Promise.promise();
        request.response()
                .onSuccess(response -> new Reading(request, response, startedNanos, answer).start())
                .onFailure(answer::tryFail);
        Future<Void> sent = call.body() == null ? request.end() : request.end(call.body());
        sent.onFailure(answer::tryFail);
        return answer.future();
    }

    /** One answer as it comes in; on the connection's event loop. */
    private static final class Reading {

        private final HttpClientRequest request;
        private final HttpClientResponse response;
        private final long startedNanos;
        private final Promise<TestCall.Answer> answer;
        private final Buffer shown = Buffer.buffer();
        private long readBytes;

        Reading(
                HttpClientRequest request,
                HttpClientResponse response,
                long startedNanos,
                Promise<TestCall.Answer> answer) {
            this.request = request;
            this.response = response;
            this.startedNanos = startedNanos;
            this.answer = answer;
        }

        void start() {
            response.exceptionHandler(answer::tryFail);
            response.handler(this::take);
            response.endHandler(end -> answer.tryComplete(whole()));
        }

        private void take(Buffer chunk) {
            readBytes += chunk.length();
            int room = SHOWN_BYTES_MAX - shown.length();
            shown.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
            if (readBytes > READ_BYTES_MAX && answer.tryComplete(whole())) {
                request.reset();
            }
        }

        private TestCall.Answer whole() {
            List<TestCall.Header> headers = new ArrayList<>();
            addAll(headers, response.headers().entries());
            addAll(headers, response.trailers().entries());
            return new TestCall.Answer(
                    response.statusCode(),
                    String.valueOf(response.statusMessage()),
                    "HTTP/1.1",
                    (System.nanoTime() - startedNanos) / 1_000,
                    headers,
                    shown.toString(StandardCharsets.UTF_8),
                    readBytes,
                    readBytes > shown.length());
        }

        private static void addAll(List<TestCall.Header> headers, List<Map.Entry<String, String>> entries) {
            entries.forEach(entry -> headers.add(new TestCall.Header(entry.getKey(), entry.getValue())));
        }
    }
}
