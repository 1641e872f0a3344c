package dev.wisp.billing.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestCallPolicyTest {

    @Test
    void sendsWhatIsPlain() {
        assertThat(TestCallPolicy.refusal(call("POST", "/a?b=c", Map.of("accept", "text/plain"), "body")))
                .isNull();
        assertThat(TestCallPolicy.refusal(new TestCall("default", "hello", null, null, null, null)))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "TRACE", "get", "GET /", ""})
    void refusesMethodsThatAreNotForServices(String method) {
        assertThat(TestCallPolicy.refusal(call(method, "/", Map.of(), null))).startsWith("method");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "http://elsewhere/", "/a b", "/a\r\nx: y", "/\u00e9", "*"})
    void refusesPathsThatWouldBeSomethingElse(String path) {
        assertThat(TestCallPolicy.refusal(call("GET", path, Map.of(), null))).startsWith("path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "a b", "a:", ""})
    void refusesHeadersOfTheConnection(String name) {
        assertThat(TestCallPolicy.refusal(call("GET", "/", Map.of(name, "x"), null)))
                .contains("header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "\u0000", "\u00fc"})
    void refusesHeaderValuesThatEndTheLine(String value) {
        assertThat(TestCallPolicy.refusal(call("GET", "/", Map.of("x", value), null)))
                .contains("header x");
    }

    @Test
    void boundsEverything() {
        Map<String, String> many = IntStream.rangeClosed(0, TestCallPolicy.HEADERS_MAX)
                .boxed()
                .collect(Collectors.toMap(i -> "x-" + i, i -> "v"));

        assertThat(TestCallPolicy.refusal(call("GET", "/", many, null))).contains("at most 50 headers");
        assertThat(TestCallPolicy.refusal(call("GET", "/" + "a".repeat(4_096), Map.of(), null)))
                .contains("4096");
        assertThat(TestCallPolicy.refusal(call("GET", "/", Map.of("x", "a".repeat(4_097)), null)))
                .contains("4096");
        assertThat(TestCallPolicy.refusal(call("POST", "/", Map.of(), "a".repeat((256 << 10) + 1))))
                .contains("262144");
    }

    private static TestCall call(String method, String path, Map<String, String> headers, @Nullable String body) {
        return new TestCall("default", "hello", method, path, headers, body);
    }
}
