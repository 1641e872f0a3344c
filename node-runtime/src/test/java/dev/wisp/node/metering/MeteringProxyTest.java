package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Origin;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.Trigger;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.Rating;
import dev.wisp.node.fake.FakeContainer;
import dev.wisp.node.fake.FakeNode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
@ParameterizedClass
@EnumSource(ProxyFixture.Front.class)
class MeteringProxyTest {

    private final ProxyFixture.Front front;

    MeteringProxyTest(ProxyFixture.Front front) {
        this.front = front;
    }

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Cost: free\r\n\r\nhello";

    @TempDir
    private Path folder;

    @Test
    void answersWithTheFiguresOfTheInvocation() throws Exception {
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    out.write(HELLO.getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            HttpResponse<String> response = fixture.get("/a?b=c");

            InvocationRecord record = fixture.onlyRecord();
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("hello");
            assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
            assertThat(record.bytesOut()).isEqualTo(5);
            assertThat(record.origin()).isEqualTo(new Origin(Trigger.PUBSUB, 2, UUID.fromString(FakeNode.SERVICE_UID)));
            assertThat(record.cpuMillicores())
                    .isEqualTo(FakeNode.hello(0, 60_000, 0).limits().cpuMillicores());
            assertThat(record.costPicos())
                    .isEqualTo(Rating.costPicos(
                            PriceBook.DEFAULT,
                            Outcome.SUCCESS,
                            record.billedMillis(),
                            record.cpuMicros(),
                            record.cpuMillicores(),
                            128 << 20,
                            record.bytesOut()));
            assertThat(response.headers().allValues("x-cost")).hasSize(1).allMatch(cost -> cost.endsWith(" USD"));
            assertThat(response.headers().firstValue("x-billed-duration-ms"))
                    .contains(Long.toString(record.billedMillis()));
            assertThat(response.headers().firstValue("x-invocation-id"))
                    .contains(record.invocationId().toString());
            assertThat(response.headers().firstValue("server-timing").orElse(""))
                    .matches(
                            "queue;dur=0\\.007, start;dur=0\\.000;desc=\"warm\", app;dur=\\d+\\.\\d{3}, total;dur=\\d+\\.\\d{3}");
        }
    }

    @Test
    void tellsTheContainerWhoCallsAndNothingOfWhatTheCallerPretends() throws Exception {
        try (FakeContainer container = FakeContainer.saying(HELLO);
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            fixture.client()
                    .send(
                            fixture.request("/a?b=c")
                                    .header("X-Invocation-Id", "forged")
                                    .header("X-Forwarded-For", "1.2.3.4")
                                    .header("X-Mine", "kept")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            String head = container.heads().getFirst();
            assertThat(head).startsWith("GET /a?b=c HTTP/1.1\r\n");
            assertThat(head.toLowerCase(java.util.Locale.ROOT))
                    .contains(
                            "x-mine: kept", "x-forwarded-for: 127.0.0.1", "x-deadline-ms: ", "forwarded: for=127.0.0.1")
                    .doesNotContain("forged", "1.2.3.4")
                    .contains("x-invocation-id: " + fixture.onlyRecord().invocationId());
        }
    }

    @Test
    void keepsTheConnectionToTheContainer() throws Exception {
        try (FakeContainer container = FakeContainer.saying(HELLO);
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            for (int i = 0; i < 5; i++) {
                assertThat(fixture.get("/").body()).isEqualTo("hello");
            }

            assertThat(container.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void callsAgainOnAFreshConnectionWhenTheKeptOneIsClosed() throws Exception {
        boolean[] second = new boolean[1];
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    if (head.contains("/second") && !second[0]) {
                        second[0] = true;
                        return false;
                    }
                    out.write(HELLO.getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            fixture.get("/first");

            HttpResponse<String> response = fixture.get("/second");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(container.connectionsAccepted()).isEqualTo(2);
            assertThat(fixture.records(2)).allMatch(record -> record.outcome() == Outcome.SUCCESS);
        }
    }

    @Test
    void sendsARequestWithABodyWholeOnTheFreshConnection() throws Exception {
        boolean[] second = new boolean[1];
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    if (head.contains("/second") && !second[0]) {
                        second[0] = true;
                        return false;
                    }
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + length(head) + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
                    out.write(in.readNBytes(length(head)));
                    return true;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            try (Socket caller = fixture.connect()) {
                String head = "PUT /%s HTTP/1.1\r\nHost: hello\r\nContent-Length: %d\r\n\r\n";
                send(caller, head.formatted("first", 4) + "body");
                assertThat(answer(caller, "body")).startsWith("HTTP/1.1 200");
                // The kept connection is closed over the head; what follows it belongs to the next.
                send(caller, head.formatted("second", 4));
                await().atMost(Duration.ofSeconds(5))
                        .until(() -> container.heads().size() == 3);
                send(caller, "rest");
                assertThat(answer(caller, "rest")).startsWith("HTTP/1.1 200");
                send(caller, head.formatted("third", 0) + head.formatted("fourth", 4) + "last");
                assertThat(answer(caller, "last")).startsWith("HTTP/1.1 200");
            }
            assertThat(fixture.records(4)).allMatch(record -> record.outcome() == Outcome.SUCCESS);
        }
    }

    /** What breaks off goes to another instance: nothing of it is recorded, billed or told here. */
    @Test
    void handsBackWhatMayBeRepeated() throws Exception {
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    if (head.contains("/breaks")) {
                        return false;
                    }
                    out.write(HELLO.getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(1, 60_000, 0), front)) {
            fixture.repeatable = true;
            HttpResponse<String> broken = fixture.get("/breaks");
            assertThat(broken.statusCode()).isEqualTo(409);
            assertThat(broken.body()).contains("broke off before it answered");
            HttpResponse<String> withBody = fixture.client()
                    .send(
                            fixture.request("/breaks")
                                    .POST(BodyPublishers.ofString("body"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(withBody.statusCode()).isEqualTo(409);

            assertThat(fixture.get("/").statusCode()).isEqualTo(200);

            await().atMost(Duration.ofSeconds(5)).until(() -> fixture.journal.pending() == 0);
            assertThat(fixture.records(1)).hasSize(1);
            assertThat(fixture.onlyRecord().status()).isEqualTo(200);
        }
    }

    @Test
    void handsNothingBackOnceTheCallerHasHeardOfIt() throws Exception {
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    out.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    return false;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(1, 60_000, 0), front)) {
            fixture.repeatable = true;

            assertThat(fixture.get("/").statusCode()).isEqualTo(502);
            assertThat(fixture.onlyRecord().outcome()).isEqualTo(Outcome.ERROR);
        }
    }

    private static void send(Socket caller, String bytes) throws IOException {
        caller.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String answer(Socket caller, String end) throws IOException {
        caller.setSoTimeout(10_000);
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int next = caller.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed after: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void streamsALongAnswerAndPutsTheFiguresInItsTrailers() throws Exception {
        byte[] body = "x".repeat(300_000).getBytes(StandardCharsets.ISO_8859_1);
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    out.write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    out.write(body);
                    return true;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            String raw = fixture.raw("GET / HTTP/1.1\r\nHost: hello\r\nConnection: close\r\n\r\n");

            assertThat(raw.toLowerCase(java.util.Locale.ROOT))
                    .contains("transfer-encoding: chunked", "trailer: x-billed-duration-ms")
                    .containsPattern("0\r\n(.+\r\n)*x-cost: 0\\.\\d+ usd\r\n");
            assertThat(fixture.onlyRecord().bytesOut()).isEqualTo(300_000);
        }
    }

    @Test
    void sendsWhatComesSlowlyWithoutWaitingForTheEnd() throws Exception {
        CountDownLatch firstSeen = new CountDownLatch(1);
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
                    out.flush();
                    firstSeen.await(5, TimeUnit.SECONDS);
                    out.write("4\r\nlast\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            HttpResponse<java.io.InputStream> response =
                    fixture.client().send(fixture.request("/").build(), HttpResponse.BodyHandlers.ofInputStream());

            byte[] first = response.body().readNBytes(5);
            firstSeen.countDown();

            assertThat(new String(first, StandardCharsets.ISO_8859_1)).isEqualTo("first");
            assertThat(new String(response.body().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo("last");
        }
    }

    @Test
    void passesTheBodyOn() throws Exception {
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    byte[] body = in.readNBytes(length(head));
                    out.write(("HTTP/1.1 201 Created\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
                    out.write(body);
                    return true;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            String body = "y".repeat(50_000);

            HttpResponse<String> response = fixture.client()
                    .send(
                            fixture.request("/")
                                    .POST(BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.body()).isEqualTo(body);
            assertThat(fixture.onlyRecord().bytesIn()).isEqualTo(50_000);
        }
    }

    @Test
    void speaksHttp2ToTheCaller() throws Exception {
        try (FakeContainer container = FakeContainer.saying(HELLO);
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            HttpResponse<String> response = ProxyFixture.client(HttpClient.Version.HTTP_2)
                    .send(fixture.request("/").build(), HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> second = ProxyFixture.client(HttpClient.Version.HTTP_2)
                    .send(fixture.request("/").build(), HttpResponse.BodyHandlers.ofString());

            assertThat(response.body()).isEqualTo("hello");
            assertThat(second.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(container.heads()).noneMatch(head -> head.contains("ransfer-"));
        }
    }

    @Test
    void answersAHeadWithoutItsBody() throws Exception {
        try (FakeContainer container = FakeContainer.saying("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n");
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> response = fixture.client()
                        .send(
                                fixture.request("/")
                                        .method("HEAD", BodyPublishers.noBody())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());

                assertThat(response.headers().firstValue("content-length")).contains("12345");
            }
            assertThat(container.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void answersNoContentAndSkipsInformationalOnes() throws Exception {
        try (FakeContainer container =
                        FakeContainer.saying("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            assertThat(fixture.get("/").statusCode()).isEqualTo(204);
            assertThat(fixture.get("/").statusCode()).isEqualTo(204);
            assertThat(container.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void metersProcessorTimeAndMarksWhatWasShared() throws Exception {
        FakeNode[] node = new FakeNode[1];
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    node[0].sandboxes.started().getFirst().useCpu(4_321);
                    out.write(HELLO.getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            node[0] = fixture.node();

            HttpResponse<String> response = fixture.get("/");

            assertThat(response.headers().firstValue("x-cpu-time-us")).contains("4321");
            assertThat(fixture.onlyRecord().cpuApportioned()).isFalse();
        }
    }

    @Test
    void shipsWhatItRecorded() throws Exception {
        try (FakeContainer container = FakeContainer.saying(HELLO);
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            fixture.get("/");

            await().atMost(Duration.ofSeconds(5)).until(() -> fixture.journal.pending() == 0);
            assertThat(Topics.INVOCATIONS.name()).isEqualTo("wisp.invocations");
            assertThat(fixture.onlyRecord().status()).isEqualTo(200);
        }
    }

    private static int length(String head) throws IOException {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(15).strip());
            }
        }
        throw new IOException("no length in " + head);
    }
}
