package dev.wisp.contracts.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.wisp.contracts.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against registries on loopback that answer as they please, beside one that nobody may talk to. */
class RegistryRepositoryTest {

    private static final byte[] BLOB = "a blob".getBytes(StandardCharsets.UTF_8);
    private static final Descriptor DESCRIPTOR = new Descriptor("x", Digest.of(BLOB), BLOB.length);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration HASTE = Duration.ofMillis(200);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final List<String> canary = Collections.synchronizedList(new ArrayList<>());
    private HttpServer registry;
    private HttpServer other;
    private RegistryClient client;

    @BeforeEach
    void start() throws IOException {
        registry = server();
        other = server();
        other.createContext("/", exchange -> {
            canary.add(exchange.getRequestURI().toString());
            answer(exchange, 200, "{\"token\":\"stolen\"}");
        });
        client = new RegistryClient(PATIENCE);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.stop(0);
        other.stop(0);
        threads.shutdownNow();
    }

    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        return server;
    }

    private void registry(String path, HttpHandler handler) {
        registry.createContext(path, exchange -> {
            seen.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getOrDefault("Authorization", List.of("anonymous")));
            handler.handle(exchange);
        });
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static HttpHandler redirect(String to) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", to);
            answer(exchange, 307, "");
        };
    }

    private static HttpHandler challenge(String header) {
        return exchange -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", header);
            answer(exchange, 401, "{}");
        };
    }

    private int port() {
        return registry.getAddress().getPort();
    }

    private RegistryRepository repository() {
        return client.repository("127.0.0.1:%d/team/hello".formatted(port()), true);
    }

    private byte[] copy() throws IOException {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        repository().copyBlob(DESCRIPTOR, copy, PATIENCE);
        return copy.toByteArray();
    }

    @Test
    void getsATokenWhenAskedAndKeepsItForTheRepository() {
        registry("/token", exchange -> answer(exchange, 200, "{\"token\":\"t0ken\"}"));
        registry("/v2/", exchange -> {
            if (exchange.getRequestHeaders().containsKey("Authorization")) {
                answer(exchange, 200, "{}");
            } else {
                challenge("Bearer service=\"s\",realm=\"http://127.0.0.1:%d/token\"".formatted(port()))
                        .handle(exchange);
            }
        });
        RegistryRepository repository = repository();

        assertThat(repository.manifest("1")).asString().isEqualTo("{}");
        assertThat(repository.manifest("2")).asString().isEqualTo("{}");

        assertThat(seen)
                .containsExactly(
                        "/v2/team/hello/manifests/1 [anonymous]",
                        "/token?service=s&scope=repository:team/hello:pull [anonymous]",
                        "/v2/team/hello/manifests/1 [Bearer t0ken]",
                        "/v2/team/hello/manifests/2 [Bearer t0ken]");
    }

    @Test
    void keepsTheTokenOnRedirectsWithinTheRegistry() throws IOException {
        registry("/token", exchange -> answer(exchange, 200, "{\"token\":\"t0ken\"}"));
        registry("/v2/", exchange -> {
            if (exchange.getRequestHeaders().containsKey("Authorization")) {
                redirect("/blobs/1").handle(exchange);
            } else {
                challenge("Bearer realm=\"http://127.0.0.1:%d/token\"".formatted(port()))
                        .handle(exchange);
            }
        });
        registry("/blobs/1", exchange -> answer(exchange, 200, "a blob"));

        assertThat(copy()).isEqualTo(BLOB);
        assertThat(seen).last().isEqualTo("/blobs/1 [Bearer t0ken]");
    }

    @Test
    void getsANewTokenWhenTheOldOneIsNoLongerTaken() {
        registry("/token", exchange -> answer(exchange, 200, "{\"token\":\"t%d\"}".formatted(seen.size())));
        registry("/v2/", exchange -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            boolean second = exchange.getRequestURI().getPath().endsWith("/2");
            if (authorization == null || (second && authorization.equals("Bearer t2"))) {
                challenge("Bearer realm=\"http://127.0.0.1:%d/token\"".formatted(port()))
                        .handle(exchange);
            } else {
                answer(exchange, 200, "{}");
            }
        });
        RegistryRepository repository = repository();

        assertThat(repository.manifest("1")).asString().isEqualTo("{}");
        assertThat(repository.manifest("2")).asString().isEqualTo("{}");
        assertThat(seen).last().asString().isEqualTo("/v2/team/hello/manifests/2 [Bearer t5]");
    }

    /** The library would unpack it, past the bound on what is read. */
    @Test
    void unpacksNoCompressedAnswer() {
        registry("/v2/", exchange -> {
            assertThat(exchange.getRequestHeaders()).doesNotContainKey("Accept-Encoding");
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            answer(exchange, 200, "not gzip");
        });

        assertThat(repository().manifest("1")).asString().isEqualTo("not gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{\"schemaVersion\":2,\"mediaType\":[]}", "\u0000"})
    void leavesToOthersWhatAManifestMeans(String body) {
        registry("/v2/", exchange -> answer(exchange, 200, body));

        assertThat(repository().manifest("1")).asString().isEqualTo(body);
    }

    @Test
    void followsNoTokenServiceThatRedirectsToOtherPlaces() {
        String target = "http://127.0.0.1:%d/token".formatted(other.getAddress().getPort());
        registry("/token", redirect(target));
        registry("/v2/", challenge("Bearer realm=\"http://127.0.0.1:%d/token\"".formatted(port())));

        assertThatThrownBy(() -> repository().manifest("1")).hasMessageContainingAll("E1102", "not followed");
        assertThat(canary).isEmpty();
    }

    @Test
    void takesNoDocumentButTheRightOne() {
        registry("/v2/", exchange -> answer(exchange, 200, "a blub"));

        assertThatThrownBy(() -> repository().document(DESCRIPTOR)).hasMessageContainingAll("E1103", "another digest");
    }

    @Test
    void followsRedirectsAtTheRegistryItself() throws IOException {
        registry("/v2/", redirect("/blobs/1"));
        registry("/blobs/1", redirect("http://127.0.0.1:%d/blobs/2".formatted(port())));
        registry("/blobs/2", exchange -> answer(exchange, 200, "a blob"));

        assertThat(copy()).isEqualTo(BLOB);
    }

    @Test
    void endsARingOfRedirects() {
        registry("/v2/", redirect("/v2/team/hello/again"));

        assertThatThrownBy(this::copy).hasMessageContainingAll("E1102", "redirected more than");
        assertThat(seen).hasSizeLessThan(10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/",
                "http://localhost:PORT/",
                "http://[::ffff:127.0.0.1]:PORT/",
                "http://2130706433:PORT/",
                "http://0x7f.1:PORT/",
                "http://127.1:PORT/",
                "https://127.0.0.1:PORT/",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]:PORT/",
                "https://user@127.0.0.1:PORT/",
                "//127.0.0.1:PORT/",
                "file:///etc/passwd",
                "ftp://127.0.0.1:PORT/",
                "https://no-such-host.invalid/",
                "http://exa mple/"
            })
    void isNotSentToOtherPlaces(String url) {
        String target = url.replace("PORT", Integer.toString(other.getAddress().getPort()));
        registry("/v2/team/hello/blobs/", redirect(target));
        registry("/v2/team/hello/manifests/", challenge("Bearer realm=\"%s\"".formatted(target)));

        assertThatThrownBy(this::copy).isInstanceOf(ProblemException.class).hasMessageContaining("E1102");
        assertThatThrownBy(() -> repository().manifest("1"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("E1102");
        assertThat(canary).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic realm=\"x\"", "Bearer service=\"no realm\"", "", "Bearer"})
    void saysThatAnImageIsPrivate(String header) {
        registry("/v2/", challenge(header));

        assertThatThrownBy(() -> repository().manifest("1")).hasMessageContainingAll("E1101", "private");
    }

    @Test
    void asksForATokenOnce() {
        registry("/token", exchange -> answer(exchange, 200, "{\"access_token\":\"useless\"}"));
        registry("/v2/", challenge("Bearer realm=\"http://127.0.0.1:%d/token\"".formatted(port())));

        assertThatThrownBy(() -> repository().manifest("1")).hasMessageContaining("E1101");
        assertThat(seen).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "null", "", "{\"token\":\"a b\"}", "{\"token\":\"a\\r\\nX: y\"}", "{\"token\":{}}"})
    void takesNoTokenThatIsNone(String answer) {
        registry("/token", exchange -> answer(exchange, 200, answer));
        registry("/v2/", challenge("Bearer realm=\"http://127.0.0.1:%d/token\"".formatted(port())));

        assertThatThrownBy(() -> repository().manifest("1")).hasMessageContainingAll("E1102", "no token");
    }

    @Test
    void saysWhatTheRegistrySaid() {
        registry(
                "/v2/",
                exchange -> answer(
                        exchange,
                        404,
                        "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\\u001b[31m\"}]}"));

        assertThatThrownBy(() -> repository().manifest("1"))
                .hasMessageContainingAll(
                        "E1101", "127.0.0.1:" + port(), "team/hello", "manifest unknown?[31m (status 404)");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503, 204})
    void answersThatAreNoneAreTheRegistrysFault(int status) {
        registry("/v2/", exchange -> answer(exchange, status, ""));

        assertThatThrownBy(() -> repository().manifest("1")).hasMessageContainingAll("E1102", "" + status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a blob too long", "a blo", "a blub"})
    void takesNoBlobButTheRightOne(String content) {
        registry("/v2/", exchange -> answer(exchange, 200, content));

        assertThatThrownBy(this::copy)
                .hasMessageContainingAll("E1104", DESCRIPTOR.digest().toString());
    }

    @Test
    void takesNoManifestButTheRightOne() {
        registry("/v2/", exchange -> answer(exchange, 200, "{}"));

        assertThatThrownBy(() -> repository().manifest(Digest.of(BLOB))).hasMessageContaining("E1103");
    }

    @Test
    void readsNoEndlessManifest() {
        registry("/v2/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[1 << 16];
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 1000; i++) {
                    out.write(piece);
                }
            }
        });

        assertThatThrownBy(() -> repository().manifest("1")).hasMessageContainingAll("E1103", "larger");
    }

    @Test
    void doesNotWaitForABodyThatDrips() {
        registry("/v2/", exchange -> {
            exchange.sendResponseHeaders(200, BLOB.length);
            exchange.getResponseBody().write(BLOB, 0, 1);
            exchange.getResponseBody().flush();
        });

        try (RegistryClient hasty = new RegistryClient(HASTE)) {
            RegistryRepository repository = hasty.repository(repository().toString(), true);

            assertThatThrownBy(() -> repository.copyBlob(DESCRIPTOR, OutputStream.nullOutputStream(), HASTE))
                    .hasMessageContaining("E1102");
            assertThatThrownBy(() -> repository.manifest("1")).hasMessageContaining("E1102");
        }
    }

    @Test
    void doesNotWaitForAHeadThatNeverComes() {
        registry("/v2/", exchange -> {});
        try (RegistryClient hasty = new RegistryClient(HASTE)) {
            RegistryRepository repository = hasty.repository(repository().toString(), true);

            assertThatThrownBy(() -> repository.manifest("1")).hasMessageContaining("E1102");
        }
    }

    @Test
    void saysWhoseFaultAFailingSinkIs() {
        registry("/v2/", exchange -> answer(exchange, 200, "a blob"));
        OutputStream full = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThatThrownBy(() -> repository().copyBlob(DESCRIPTOR, full, PATIENCE))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageContaining("No space");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hello", "/hello", "host/", "host/../x", "host/a..b", "host/A", "ho st/a", "host/a?b", "host/a#b"
            })
    void isOnlyMadeForARepository(String name) {
        assertThatThrownBy(() -> client.repository(name, false)).isInstanceOf(IllegalArgumentException.class);
    }
}
