package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What dashboards say of themselves, without a Prometheus: units, places, and where they lead. That they show data is {@link MonitoringIT}'s. */
class DashboardsTest {

    private static final Path FOLDER = Path.of("../grafana");
    private static final Pattern MONEY = Pattern.compile("_amount_total|_month_bill|_credit_left|_unit_price");

    /** One panel, with the dashboard that it stands on. */
    private record Panel(String dashboard, JsonNode json) {

        boolean asksFor(Pattern what) {
            return json.path("targets").findValuesAsText("expr").stream()
                    .anyMatch(expression -> what.matcher(expression).find());
        }

        String title() {
            return json.path("title").asText();
        }

        String unit() {
            return json.at("/fieldConfig/defaults/unit").asText();
        }

        String link() {
            return json.at("/fieldConfig/defaults/links/0/url").asText();
        }
    }

    @Test
    void everyPanelHasAUnitAndMoneyItsCurrency() throws IOException {
        assertThat(panels())
                .hasSizeGreaterThan(60)
                .noneMatch(panel -> panel.unit().isEmpty());
        assertThat(panels().stream().filter(panel -> panel.asksFor(MONEY)))
                .hasSizeGreaterThan(8)
                .allMatch(panel -> panel.title().endsWith(", $currency"));
    }

    @Test
    void whereverServicesAreNamedOneCanBeChosen() throws IOException {
        List<Panel> ofServices = panels().stream()
                .filter(panel -> panel.asksFor(Pattern.compile("by \\(namespace, faas_name\\)")))
                .toList();

        assertThat(ofServices)
                .hasSizeGreaterThan(6)
                .allSatisfy(panel -> assertThat(panel.link())
                        .as("%s: %s", panel.dashboard(), panel.title())
                        .startsWith("/d/wisp-service?")
                        .contains("var-namespace=${__", "var-service=${__", ".namespace}", ".faas_name}"));
    }

    @Test
    void noPanelHasAnothersNumberOrPlace() throws IOException {
        for (String dashboard : List.of("billing", "control", "fairness", "overview", "service")) {
            List<JsonNode> places = panels().stream()
                    .filter(panel -> panel.dashboard().equals(dashboard + ".json"))
                    .map(Panel::json)
                    .toList();
            assertThat(places).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
            for (JsonNode one : places) {
                assertThat(places.stream()
                                .filter(other -> other.path("id").asInt()
                                        != one.path("id").asInt())
                                .filter(other -> overlap(one.path("gridPos"), other.path("gridPos"))))
                        .as("%s: what covers %s", dashboard, one.path("title"))
                        .isEmpty();
            }
        }
    }

    private static boolean overlap(JsonNode a, JsonNode b) {
        return isWithin(a, b, "x", "w") && isWithin(a, b, "y", "h");
    }

    private static boolean isWithin(JsonNode a, JsonNode b, String from, String length) {
        int begin = a.path(from).asInt();
        int otherBegin = b.path(from).asInt();
        return begin < otherBegin + b.path(length).asInt()
                && otherBegin < begin + a.path(length).asInt();
    }

    private static List<Panel> panels() throws IOException {
        List<Panel> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
                dashboard
                        .path("panels")
                        .forEach(panel -> found.add(new Panel(file.getFileName().toString(), panel)));
            }
        }
        return found;
    }
}
