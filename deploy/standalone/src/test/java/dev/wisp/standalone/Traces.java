package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wisp.testkit.OtlpReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A cold call and a refused one through the whole platform, as a receiver of spans and a scraper of metrics see them. */
record Traces(Client client, OtlpReceiver receiver) {

    void haveAColdCallInItsPartsAndTheHistogramsNameIt() throws IOException {
        client.deployHello("traced", "\"wisp.dev/keep-alive\":\"0s\"");

        await("a cold call")
                .atMost(Duration.ofSeconds(20))
                .until(() -> client.invoke("traced", "/")
                        .headers()
                        .firstValue("x-cold-start")
                        .orElse("")
                        .equals("true"));

        await("spans of a cold call")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(coldCall())
                        .as("%s", receiver.spans().stream().map(Span::getName).toList())
                        .isNotNull());
        Span call = Objects.requireNonNull(coldCall());
        List<Span> spans = receiver.spans().stream()
                .filter(span -> span.getTraceId().equals(call.getTraceId()))
                .toList();
        Set<String> names = spans.stream().map(Span::getName).collect(Collectors.toSet());
        assertThat(names).contains("start", "app").anyMatch(name -> name.startsWith("start "));
        assertThat(spans)
                .allSatisfy(span -> assertThat(span.getEndTimeUnixNano())
                        .isBetween(span.getStartTimeUnixNano(), call.getEndTimeUnixNano()));
        assertThatTheHistogramNames("faas_invoke_duration_seconds_bucket\\{.*faas_name=\"traced\"");
        assertThatTheHistogramNames(
                "http_server_request_duration_seconds_bucket\\{.*http_response_status_code=\"200\"");
    }

    void haveARefusedCallWhereItsCallerLooks() {
        String traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

        HttpResponse<String> refused = client.invokeTraced("nobody", "/", "00-" + traceId + "-00f067aa0ba902b7-01");

        assertThat(refused.statusCode()).isEqualTo(404);
        await("the span of a refused call")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.spans().stream()
                                .filter(span ->
                                        OtlpReceiver.hex(span.getTraceId()).equals(traceId)))
                        .singleElement()
                        .satisfies(span -> assertThat(span.getAttributesList())
                                .anyMatch(pair -> pair.getKey().equals("wisp.refused")
                                        && refused.body()
                                                .contains(pair.getValue().getStringValue()))));
    }

    private void assertThatTheHistogramNames(String bucket) {
        HttpResponse<String> metrics = client.getAs("/q/metrics", "application/openmetrics-text");

        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics-text");
        assertThat(metrics.body()).endsWith("# EOF\n");
        List<String> examples = Pattern.compile("(?m)^" + bucket + ".* # \\{.*trace_id=\"([0-9a-f]{32})\"")
                .matcher(metrics.body())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(examples).as(metrics.body()).isNotEmpty();
        assertThat(metrics.body().lines().filter(line -> line.contains("trace_id=")))
                .allMatch(line -> line.matches("\\w+_bucket\\{.*"));
        await("their traces")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.spans().stream()
                                .map(span -> HexFormat.of()
                                        .formatHex(span.getTraceId().toByteArray())))
                        .containsAll(examples));
    }

    private @Nullable Span coldCall() {
        return receiver.spans().stream()
                .filter(span -> span.getName().equals("GET traced"))
                .filter(span -> span.getAttributesList().stream()
                        .anyMatch(pair -> pair.getKey().equals("faas.coldstart")
                                && pair.getValue().getBoolValue()))
                .findFirst()
                .orElse(null);
    }
}
