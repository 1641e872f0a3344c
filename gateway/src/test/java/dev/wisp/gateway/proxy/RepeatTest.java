package dev.wisp.gateway.proxy;

import static dev.wisp.gateway.GatewayFixture.HOST;
import static dev.wisp.gateway.GatewayFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.GatewayFixture.Answer;
import dev.wisp.gateway.PlainFakeNode;
import dev.wisp.gateway.RawClient;
import dev.wisp.gateway.repeat.RepeatPolicy.Verdict;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a request whose instance breaks off before it answers, on the short way and on the long one. */
class RepeatTest {

    private static final String HEAD = "Host: " + HOST + "\r\n";

    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private FakeNode node;
    private PlainFakeNode plain;
    private GatewayFixture gateway;

    @BeforeEach
    void open() {
        node = new FakeNode("n1", 0);
        node.workload((request, dispatch) -> FakeNode.body(request).compose(body -> {
            bodies.add(body.toString());
            return request.response().end("whole");
        }));
        plain = new PlainFakeNode(node);
        gateway = new GatewayFixture(plain).deployPair(0, node);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void goesToAnotherInstanceAndKeepsItsIdAndItsTime() {
        node.breakOff(1);

        Answer answer = await(gateway.get("/"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(node.dispatches()).hasSize(2);
        Dispatch first = node.dispatches().getFirst();
        Dispatch second = node.dispatches().getLast();
        assertThat(second.instanceId()).isNotEqualTo(first.instanceId());
        assertThat(second.invocationId()).isEqualTo(first.invocationId());
        assertThat(first.brokenBefore()).isZero();
        assertThat(second.brokenBefore()).isEqualTo(1);
        assertThat(List.of(first.attempt(), second.attempt())).containsExactly(1, 2);
        assertThat(second.brokenMicros()).isBetween(0L, second.queueMicros());
        assertThat(second.remainingMillis()).isLessThanOrEqualTo(first.remainingMillis());
        assertThat(second.repeatable()).isFalse();
        awaitBroken(Verdict.REPEAT, 1);
    }

    @Test
    void isSentTwiceAtMost() {
        node.breakOff(2);

        assertThat(await(gateway.get("/")).status()).isEqualTo(502);
        assertThat(node.dispatches()).hasSize(2);
        awaitBroken(Verdict.REPEATED_BEFORE, 1);
    }

    @Test
    void neverRepeatsWhatMayHaveBeenDone() {
        node.breakOff(1);

        Answer answer = await(gateway.send(HttpMethod.POST, "/", Buffer.buffer("order")));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(node.dispatches()).hasSize(1);
        awaitBroken(Verdict.NOT_IDEMPOTENT, 1);
    }

    @Test
    void sendsAShortBodyAgain() {
        node.breakOff(1);

        assertThat(await(gateway.send(HttpMethod.PUT, "/", Buffer.buffer("state")))
                        .status())
                .isEqualTo(200);
        assertThat(plain.served()).containsExactly("PUT / HTTP/1.1\r\nstate");
    }

    /** The part that came before the break comes again, and the rest as it comes. */
    @Test
    void sendsABodyAgainOfWhichOnlyAPartHadCome() throws IOException {
        node.breakOff(1);
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("PUT /parts HTTP/1.1\r\n" + HEAD + "Content-Length: 10\r\n\r\n01234");
            GatewayFixture.awaitUntil(() -> node.dispatches().size() == 2);
            client.send("56789GET /next HTTP/1.1\r\n" + HEAD + "\r\n");

            assertThat(client.readUntil("served /next")).contains("served /parts");
        }
        assertThat(plain.served()).containsExactly("PUT /parts HTTP/1.1\r\n0123456789", "GET /next HTTP/1.1\r\n");
    }

    @Test
    void repeatsWhatItsCallerMarked() throws IOException {
        node.breakOff(1);
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(post("Idempotency-Key: 7\r\nContent-Length: 5\r\n", "order"));

            assertThat(client.readUntil("served /")).contains("HTTP/1.1 200");
        }
        assertThat(plain.served()).containsExactly("POST / HTTP/1.1\r\norder");
    }

    @Test
    void anEmptyMarkIsNone() throws IOException {
        node.breakOff(1);
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(post("Idempotency-Key: \r\nContent-Length: 5\r\n", "order"));

            assertThat(client.readUntil("broken")).contains("HTTP/1.1 502");
        }
    }

    @Test
    void doesNotKeepALongBody() {
        node.breakOff(1);

        Buffer body = Buffer.buffer("x".repeat((64 << 10) + 1));
        assertThat(await(gateway.send(HttpMethod.PUT, "/", body)).status()).isEqualTo(502);
        awaitBroken(Verdict.BODY_NOT_KEPT, 1);
    }

    /** Whoever only announces bodies takes no memory beyond the bound. */
    @Test
    void keepsNoMoreBodiesThanThereIsMemoryFor() throws IOException {
        int bound = (16 << 20) / (64 << 10);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int at = 0; at < bound + 20; at++) {
                RawClient client = new RawClient(gateway.port);
                clients.add(client);
                client.send("PUT / HTTP/1.1\r\n" + HEAD + "Content-Length: 65536\r\n\r\n");
            }
            GatewayFixture.awaitUntil(() -> node.dispatches().size() == bound + 20);
            assertThat(node.dispatches().stream().filter(Dispatch::repeatable)).hasSize(bound);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        GatewayFixture.awaitUntil(() -> gateway.metrics.active() == 0);

        await(gateway.send(HttpMethod.PUT, "/", Buffer.buffer("state")));
        assertThat(node.dispatches().getLast().repeatable()).isTrue();
    }

    @Test
    void leavesABodyOfUnknownLengthAlone() throws IOException {
        node.breakOff(1);
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("PUT / HTTP/1.1\r\n" + HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\nstate\r\n0\r\n\r\n");

            assertThat(client.readUntil("broken")).contains("HTTP/1.1 502");
        }
        awaitBroken(Verdict.BODY_NOT_KEPT, 1);
    }

    @Test
    void sendsABodyThroughVertxAgain() throws IOException {
        node.breakOff(1);
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(post("Expect: 100-continue\r\nIdempotency-Key: 7\r\nContent-Length: 5\r\n", ""));
            client.readUntil("100 Continue\r\n\r\n");
            client.send("order");

            assertThat(client.readUntil("whole")).contains("HTTP/1.1 200");
        }
        assertThat(bodies).containsExactly("order");
        assertThat(node.dispatches()).hasSize(2);
    }

    @Test
    void repeatsOverHttp2() {
        node.breakOff(1);
        var http2 = gateway.client(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

        Answer answer = await(gateway.request(http2, HttpMethod.GET, HOST, "/", Buffer.buffer()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(bodies).containsExactly("");
        assertThat(node.dispatches()).hasSize(2);
    }

    @Test
    void leavesAnHttp2BodyOfUnknownLengthAlone() {
        node.breakOff(1);
        var http2 = gateway.client(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

        Answer answer =
                await(http2.request(gateway.options(HttpMethod.PUT, HOST, "/")).compose(request -> {
                    Future<Answer> answered = GatewayFixture.answered(request.response());
                    request.setChunked(true).write("state").onSuccess(written -> request.end());
                    return answered;
                }));

        assertThat(answer.status()).isEqualTo(502);
        awaitBroken(Verdict.BODY_NOT_KEPT, 1);
    }

    /** An outage is not made worse: of many calls that all break few are sent twice. */
    @Test
    void keepsToItsBudgetInAnOutage() {
        node.breakOff(Integer.MAX_VALUE);
        for (int call = 0; call < 60; call++) {
            assertThat(await(gateway.get("/")).status()).isEqualTo(502);
        }

        assertThat(node.dispatches()).hasSize(60 + 20);
        awaitBroken(Verdict.BUDGET_SPENT, 40);
    }

    private static String post(String fields, String body) {
        return "POST / HTTP/1.1\r\n" + HEAD + fields + "\r\n" + body;
    }

    /** A call is counted after its caller has the answer. */
    private void awaitBroken(Verdict then, int calls) {
        GatewayFixture.awaitUntil(() -> broken(then) == calls);
    }

    private double broken(Verdict then) {
        return gateway.registry
                .get("wisp.gateway.broken.calls")
                .tag("then", then.name().toLowerCase(Locale.ROOT))
                .counter()
                .count();
    }
}
