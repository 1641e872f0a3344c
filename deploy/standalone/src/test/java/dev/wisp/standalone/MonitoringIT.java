package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see: metrics that promtool finds nothing wrong with, and dashboards and alerts that ask for what is there. */
class MonitoringIT {

    private static final Path DASHBOARDS = Path.of("../grafana");
    private static final String SERVICE = "watched";
    /** What one service may cost a Prometheus. */
    private static final int SERIES_MAX = 40;

    @TempDir
    static Path home;

    private static PlatformProcess platform;
    private static Client client;
    private static PrometheusServer prometheus;

    private record Query(String dashboard, String panel, String expression) {}

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        assumeTrue(
                Files.isExecutable(PrometheusServer.PROGRAM),
                "needs Debian's prometheus at " + PrometheusServer.PROGRAM);
        platform = new PlatformProcess(home).start();
        client = platform.client();
        client.deployHello(SERVICE, "");
        assertThat(client.put("/v1/billing/budgets/watched", "{\"amount\":\"50\"}")
                        .statusCode())
                .isEqualTo(200);
        callAll();
        prometheus = new PrometheusServer(
                home.resolve("prometheus"), Integer.parseInt(platform.setting("quarkus.http.port")));
    }

    @AfterAll
    static void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void promtoolFindsNothingWrong() throws IOException {
        String metrics = client.getPlain("/q/metrics");

        assertThat(PrometheusServer.promtool(metrics, "check", "metrics")).isEmpty();
        assertThat(metrics.lines().filter(line -> line.contains("faas_name=\"" + SERVICE + "\"")))
                .as("series of one service")
                .hasSizeLessThanOrEqualTo(SERIES_MAX);
    }

    @Test
    void alertsSpeakWhenTheyShould() throws IOException {
        String folder = PrometheusServer.FOLDER.toString();

        assertThat(PrometheusServer.promtool("", "check", "config", folder + "/prometheus.yml"))
                .isEmpty();
        assertThat(PrometheusServer.promtool("", "test", "rules", folder + "/alerts_test.yml"))
                .isEmpty();
    }

    @Test
    void everyPanelOfEveryDashboardShowsData() throws IOException {
        List<Query> queries = queries();
        assertThat(queries).hasSizeGreaterThan(50);

        await("data behind every panel").atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            callAll();
            assertThat(queries.stream()
                            .filter(query ->
                                    prometheus.query(query.expression()).isEmpty()))
                    .isEmpty();
        });
    }

    @Test
    void everyAlertAsksForWhatIsExported() throws IOException {
        String rules = Files.readString(PrometheusServer.FOLDER.resolve("alerts.yml"));
        List<String> names = java.util.regex.Pattern.compile("\\b(wisp|faas|http|process)_[a-z_]+\\b")
                .matcher(rules)
                .results()
                .map(java.util.regex.MatchResult::group)
                .filter(name -> !name.equals("http_response_status_code"))
                .distinct()
                .toList();
        assertThat(names).hasSizeGreaterThan(8);

        await("every metric of an alert")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(names.stream()
                                .filter(name -> prometheus.query(name).isEmpty()))
                        .isEmpty());
    }

    /** A good one, one that ends its instance, and one that starts another. */
    private static void callAll() {
        client.invoke(SERVICE, "/");
        client.invoke(SERVICE, "/exit?code=3");
        client.invoke(SERVICE, "/");
    }

    private static List<Query> queries() throws IOException {
        List<Query> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
                for (JsonNode panel : dashboard.path("panels")) {
                    assertThat(panel.path("description").asText())
                            .as(panel.path("title").asText())
                            .isNotEmpty();
                    panel.path("targets")
                            .forEach(target -> found.add(new Query(
                                    file.getFileName().toString(),
                                    panel.path("title").asText(),
                                    substituted(target.path("expr").asText()))));
                }
            }
        }
        return found;
    }

    /** As Grafana would with All chosen and this scrape interval. */
    private static String substituted(String expression) {
        return expression
                .replace("$__rate_interval", "1m")
                .replace("$namespace", ".*")
                .replace("$service", ".*")
                .replace("$revision", ".*");
    }
}
