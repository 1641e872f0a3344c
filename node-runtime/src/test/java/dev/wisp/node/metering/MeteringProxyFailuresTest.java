package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.node.fake.FakeContainer;
import dev.wisp.node.fake.FakeNode;
import dev.wisp.node.sandbox.SandboxExit;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Containers that answer wrongly, end or take too long, callers that leave, and what is refused. */
@Timeout(30)
@ParameterizedClass
@EnumSource(ProxyFixture.Front.class)
class MeteringProxyFailuresTest {

    private final ProxyFixture.Front front;

    MeteringProxyFailuresTest(ProxyFixture.Front front) {
        this.front = front;
    }

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Cost: free\r\n\r\nhello";

    @TempDir
    private Path folder;

    @Test
    void refusesGarbageAndDoubleFraming() throws Exception {
        for (String wrong : List.of(
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(40_000) + "\r\n\r\n")) {
            try (FakeContainer container = FakeContainer.saying(wrong);
                    ProxyFixture fixture = new ProxyFixture(
                            java.nio.file.Files.createTempDirectory(folder, "n"),
                            container,
                            FakeNode.hello(0, 60_000, 0),
                            front)) {
                HttpResponse<String> response = fixture.get("/");

                assertThat(response.statusCode()).as(wrong).isEqualTo(502);
                assertThat(response.body()).contains("E1304");
                assertThat(fixture.onlyRecord().outcome()).isEqualTo(Outcome.ERROR);
            }
        }
    }

    @Test
    void saysThatTheContainerRanOutOfMemory() throws Exception {
        assertCrash(new SandboxExit(137, true), "E1301", Outcome.OUT_OF_MEMORY, "128 MiB");
    }

    @Test
    void saysThatTheContainerExited() throws Exception {
        assertCrash(new SandboxExit(3, false), "E1302", Outcome.ERROR, "exited with code 3");
    }

    @Test
    void endsACallThatTakesTooLong() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    over.await(10, TimeUnit.SECONDS);
                    return false;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            fixture.remainingMillis = 50;

            HttpResponse<String> response = fixture.get("/");
            over.countDown();

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.body()).contains("E1303");
            assertThat(fixture.onlyRecord().outcome()).isEqualTo(Outcome.TIMEOUT);
            assertThat(fixture.onlyRecord().billedMillis()).isBetween(25L, 500L);
        }
    }

    @Test
    void recordsACallerWhoLeaves() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    arrived.countDown();
                    over.await(10, TimeUnit.SECONDS);
                    return false;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            try (Socket caller = fixture.connect()) {
                caller.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: hello\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                assertThat(arrived.await(5, TimeUnit.SECONDS)).isTrue();
            }

            assertThat(fixture.onlyRecord().outcome()).isEqualTo(Outcome.CLIENT_GONE);
            over.countDown();
        }
    }

    @Test
    void refusesWithNothingConsumedWhenNoSlotIsFree() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    arrived.countDown();
                    over.await(10, TimeUnit.SECONDS);
                    out.write(HELLO.getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(1, 60_000, 0), front)) {
            CompletableFuture<HttpResponse<String>> first =
                    fixture.client().sendAsync(fixture.request("/").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(arrived.await(5, TimeUnit.SECONDS)).isTrue();

            HttpResponse<String> second = fixture.get("/");
            over.countDown();

            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(first.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesAProtocolUpgradeOfARequestWithABody() throws Exception {
        try (FakeContainer container = FakeContainer.saying(HELLO);
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            String raw = fixture.raw(
                    "POST / HTTP/1.1\r\nHost: hello\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n\r\nx");

            assertThat(raw).startsWith("HTTP/1.1 501").contains("E1408");
            assertThat(container.heads()).isEmpty();
        }
    }

    private void assertCrash(SandboxExit exit, String code, Outcome outcome, String detail) throws Exception {
        FakeNode[] node = new FakeNode[1];
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    node[0].sandboxes.started().getFirst().exitWith(exit);
                    return false;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            node[0] = fixture.node();

            HttpResponse<String> response = fixture.get("/");

            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(response.body()).contains(code).contains(detail);
            assertThat(fixture.onlyRecord().outcome()).isEqualTo(outcome);
            assertThat(fixture.agent.instances().all()).isEmpty();
        }
    }
}
