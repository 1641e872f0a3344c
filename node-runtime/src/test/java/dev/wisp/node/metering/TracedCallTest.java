package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wisp.node.fake.FakeContainer;
import dev.wisp.node.fake.FakeNode;
import dev.wisp.node.trace.Tracing;
import dev.wisp.node.trace.TracingSettings;
import dev.wisp.testkit.OtlpReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The fields of W3C Trace Context on their way through the node, and the spans that a receiver gets. */
@Timeout(30)
@ParameterizedClass
@EnumSource(ProxyFixture.Front.class)
class TracedCallTest {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private final ProxyFixture.Front front;

    @TempDir
    private Path folder;

    TracedCallTest(ProxyFixture.Front front) {
        this.front = front;
    }

    @Test
    void theWorkloadGoesOnInTheCallersTraceBelowTheSpanOfTheContainer() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver();
                Tracing tracing = Objects.requireNonNull(Tracing.of(TracingSettings.to(receiver, 0), "node-1"));
                FakeContainer container = FakeContainer.saying(ANSWER);
                ProxyFixture fixture =
                        new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front, tracing)) {
            send(fixture, CALLER, "vendor=1");

            await().atMost(Duration.ofSeconds(10)).until(() -> receiver.spans().size() >= 3);
            Span app = receiver.span("app");
            assertThat(fields(container, "traceparent"))
                    .isEqualTo("00-%s-%s-01".formatted(TRACE, OtlpReceiver.hex(app.getSpanId())));
            assertThat(fields(container, "tracestate")).isEqualTo("vendor=1");
            assertThat(OtlpReceiver.hex(receiver.span("GET hello").getParentSpanId()))
                    .isEqualTo("00f067aa0ba902b7");
            assertThat(app.getParentSpanId())
                    .isEqualTo(receiver.span("GET hello").getSpanId());
            assertThat((app.getEndTimeUnixNano() - app.getStartTimeUnixNano()) / 1_000)
                    .isEqualTo(fixture.onlyRecord().appMicros());
            assertThat(app.getEndTimeUnixNano())
                    .isLessThanOrEqualTo(receiver.span("GET hello").getEndTimeUnixNano());
            assertThat(receiver.span("queue").getEndTimeUnixNano()
                            - receiver.span("queue").getStartTimeUnixNano())
                    .isEqualTo(7_000);
        }
    }

    @Test
    void aTraceThatCannotBeReadBeginsAnew() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver();
                Tracing tracing = Objects.requireNonNull(Tracing.of(TracingSettings.to(receiver, 1), "node-1"));
                FakeContainer container = FakeContainer.saying(ANSWER);
                ProxyFixture fixture =
                        new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front, tracing)) {
            send(fixture, "00-" + TRACE + "-nonsense", "vendor=1");

            await().atMost(Duration.ofSeconds(10)).until(() -> receiver.spans().size() >= 3);
            assertThat(fields(container, "traceparent"))
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-03")
                    .doesNotContain(TRACE);
            assertThat(fields(container, "tracestate")).isEmpty();
        }
    }

    @Test
    void withoutTracingTheFieldsGoThroughAsTheyCame() throws Exception {
        try (FakeContainer container = FakeContainer.saying(ANSWER);
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            send(fixture, CALLER, "vendor=1");

            assertThat(fields(container, "traceparent")).isEqualTo(CALLER);
            assertThat(fields(container, "tracestate")).isEqualTo("vendor=1");
        }
    }

    private static void send(ProxyFixture fixture, String traceparent, String tracestate) throws Exception {
        fixture.client()
                .send(
                        fixture.request("/")
                                .header("traceparent", traceparent)
                                .header("tracestate", tracestate)
                                .build(),
                        BodyHandlers.discarding());
    }

    /** What the container got of the fields of this name, joined. */
    private static String fields(FakeContainer container, String name) {
        return String.join(
                ",",
                container
                        .heads()
                        .getFirst()
                        .lines()
                        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
                        .map(line -> line.substring(name.length() + 1).strip())
                        .toList());
    }
}
