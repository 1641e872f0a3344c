package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wisp.testkit.OtlpReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see: metrics that promtool finds nothing wrong with, dashboards and alerts that ask for what is there, and traces of calls. */
class MonitoringIT {

    private static final Path DASHBOARDS = Path.of("../grafana");
    private static final String SERVICE = "watched";
    /** What one service may cost a Prometheus. */
    private static final int SERIES_MAX = 40;

    /** Of alerts' queries, what is named as metrics are and is none. */
    private static final Set<String> LABELS = Set.of("http_response_status_code", "http_route");

    @TempDir
    static Path home;

    private static PlatformProcess platform;
    private static Client client;
    private static PrometheusServer prometheus;
    private static OtlpReceiver receiver;

    private record Query(String dashboard, String panel, String expression) {}

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        assumeTrue(
                Files.isExecutable(PrometheusServer.PROGRAM),
                "needs Debian's prometheus at " + PrometheusServer.PROGRAM);
        receiver = new OtlpReceiver();
        platform = new PlatformProcess(home)
                .with("wisp.node.tracing.endpoint", receiver.endpoint())
                .start();
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
        if (receiver != null) {
            receiver.close();
        }
    }

    @Test
    void aColdCallIsATraceOfItsPartsAndAnExampleInTheHistogram() throws IOException {
        new Traces(client, receiver).haveAColdCallInItsPartsAndTheHistogramsNameIt();
    }

    @Test
    void aRefusedCallIsInItsCallersTrace() {
        new Traces(client, receiver).haveARefusedCallWhereItsCallerLooks();
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
    void requestsAreCountedByWhatTheCodeNames() {
        List<String> counts = client.getPlain("/q/metrics")
                .lines()
                .filter(line -> line.startsWith("http_server_request_duration_seconds_count"))
                .toList();

        assertThat(counts.stream().map(line -> label(line, "listener")))
                .containsOnly("gateway", "api", "console")
                .contains("gateway", "api", "console");
        assertThat(counts.stream().map(line -> label(line, "http_route")))
                .contains(
                        "",
                        "/console/*",
                        "/v1/usage",
                        "/v1/billing/budgets/{name}",
                        "/apis/serving.knative.dev/v1/namespaces/{namespace}/services/{name}")
                .noneMatch(route -> route.contains(SERVICE) || route.contains("made-up"));
    }

    @Test
    void everyMetricIsDocumented() throws IOException {
        String documented = Files.readString(Path.of("../../docs/monitoring.md"));

        List<String> families = client.getPlain("/q/metrics")
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .filter(name -> name.matches("(wisp|faas|http)_.*"))
                .map(name -> name.replaceFirst("_max$", ""))
                .toList();

        assertThat(families).hasSizeGreaterThan(60).allMatch(documented::contains);
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
        List<String> names = Pattern.compile("\\b(wisp|faas|http|process)_[a-z_]+\\b")
                .matcher(rules)
                .results()
                .map(MatchResult::group)
                .filter(name -> !LABELS.contains(name))
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
        client.get("/console/");
        client.get("/v1/usage?window=DAY");
        client.get("/v1/made-up-by-a-caller/" + SERVICE);
        client.get(Client.services("default") + '/' + SERVICE);
    }

    private static String label(String line, String name) {
        Matcher value = Pattern.compile("[{,]" + name + "=\"([^\"]*)\"").matcher(line);
        assertThat(value.find()).as("%s of %s", name, line).isTrue();
        return value.group(1);
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
