package dev.wisp.cli.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.ApiOption;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wisp top}. */
@Command(
        name = "top",
        description = {
            "Services by calls a second, with instances and what this month has cost. Figures are the ledger's, so they",
            "are a second or so behind; the first table has no rates yet."
        },
        footer = {"", "Examples:", "  wisp top", "  wisp top --interval 5 --count 3"})
public final class TopCommand implements Callable<Integer> {

    private final Console console;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "Between two looks (default: ${DEFAULT-VALUE}).")
    int intervalSeconds;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "0",
            description = "Looks, then end; 0: until interrupted (default: ${DEFAULT-VALUE}).")
    int count;

    @Mixin
    ApiOption api = new ApiOption();

    private final Map<String, Long> calls = new HashMap<>();

    public TopCommand(Console console) {
        this.console = console;
    }

    /** A service as it stands, and its calls since the last look. */
    private record Row(String name, long instances, BigDecimal perSecond, JsonNode service) {}

    @Override
    public Integer call() throws InterruptedException {
        int interval = Math.clamp(intervalSeconds, 1, 3_600);
        for (int look = 1; count <= 0 || look <= count; look++) {
            print(api.api().get("/v1/overview"), interval);
            if (look != count) {
                Thread.sleep(Duration.ofSeconds(interval));
            }
        }
        return ExitCode.OK;
    }

    private void print(JsonNode overview, int interval) {
        List<Row> rows = new ArrayList<>();
        overview.path("services").forEach(service -> rows.add(row(service, interval)));
        rows.sort(Comparator.comparing(Row::perSecond).reversed().thenComparing(Row::name));
        Table table = new Table(
                "SERVICE",
                ">INSTANCES",
                ">CALLS/s",
                ">CALLS 24 h",
                ">ERRORS 24 h",
                ">COST 24 h",
                ">COST MONTH " + overview.path("currency").asText());
        rows.forEach(row -> table.row(
                row.name(),
                row.instances(),
                row.perSecond().toPlainString(),
                row.service().at("/day/invocations").asText("0"),
                row.service().at("/day/errors").asText("0"),
                row.service().at("/day/cost").asText("0"),
                row.service().at("/month/cost").asText("0")));
        table.lines(true).forEach(console::line);
        console.line("");
        console.flush();
    }

    private Row row(JsonNode service, int interval) {
        String name =
                service.path("namespace").asText() + "/" + service.path("name").asText();
        long now = service.at("/month/invocations").asLong();
        long before = calls.getOrDefault(name, now);
        calls.put(name, now);
        BigDecimal perSecond = BigDecimal.valueOf(Math.max(0, now - before))
                .divide(BigDecimal.valueOf(interval), 1, RoundingMode.HALF_UP);
        return new Row(name, service.path("instances").asLong(), perSecond, service);
    }
}
