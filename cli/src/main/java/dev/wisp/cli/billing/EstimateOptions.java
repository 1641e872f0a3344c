package dev.wisp.cli.billing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wisp.cli.console.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An average call and how often it comes. */
final class EstimateOptions {

    @Option(
            names = "--requests",
            paramLabel = "COUNT",
            defaultValue = "1M",
            description = "Calls a month, such as 250000, 10M or 2G (default: ${DEFAULT-VALUE}).")
    String requests = "";

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "100ms",
            description = "Application's time of a call, such as 120ms, 2s or 800us (default: ${DEFAULT-VALUE}).")
    String duration = "";

    @Option(names = "--cpu-time", paramLabel = "TIME", description = "Processor time of a call (default: all of it).")
    @Nullable
    String cpuTime;

    @Option(
            names = "--cpu",
            paramLabel = "CPU",
            defaultValue = "1",
            description = "Processors of an instance, such as 0.5 or 500m (default: ${DEFAULT-VALUE}).")
    String cpu = "";

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "128Mi",
            description = "Memory of an instance, such as 256Mi (default: ${DEFAULT-VALUE}).")
    String memory = "";

    @Option(
            names = "--disk",
            paramLabel = "SIZE",
            defaultValue = "0",
            description = "Disk of an instance, for those who bill it (default: ${DEFAULT-VALUE}).")
    String disk = "";

    @Option(
            names = "--egress",
            paramLabel = "SIZE",
            defaultValue = "0",
            description = "Bytes of an answer, such as 20Ki (default: ${DEFAULT-VALUE}).")
    String egress = "";

    @Option(
            names = "--start",
            paramLabel = "TIME",
            defaultValue = "0ms",
            description = "Time of a cold start, for those who bill it (default: ${DEFAULT-VALUE}).")
    String start = "";

    @Option(
            names = "--cold",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "Share of calls that start an instance (default: ${DEFAULT-VALUE}).")
    int coldPercent;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "1",
            description = "Calls at once in an instance (default: ${DEFAULT-VALUE}).")
    int concurrency;

    ObjectNode body() {
        ObjectNode body = Json.object()
                .put("requests", Amounts.count("--requests", requests))
                .put("durationMicros", Amounts.micros("--duration", duration))
                .put("cpuMillis", Amounts.millis("--cpu", cpu))
                .put("memoryBytes", Amounts.bytes("--memory", memory))
                .put("diskBytes", Amounts.bytes("--disk", disk))
                .put("bytesOut", Amounts.bytes("--egress", egress))
                .put("startMicros", Amounts.micros("--start", start))
                .put("coldStartPercent", coldPercent)
                .put("concurrency", concurrency);
        if (cpuTime != null) {
            body.put("cpuMicros", Amounts.micros("--cpu-time", cpuTime));
        }
        return body;
    }
}
