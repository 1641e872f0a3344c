package dev.wisp.billing;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.RequestOptions;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.route.Route;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The console in a real browser: what it shows is what the ledger holds, and nothing on it runs that is not its own. */
@QuarkusTest
@WithTestResource(value = BillingServers.class, scope = TestResourceScope.GLOBAL)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path PICTURES = Path.of("target", "console");
    private static final double WAIT_MILLIS = 20_000;
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    private final Bus bus;
    private final SplittableRandom random = new SplittableRandom(23);
    private final List<String> complaints = new ArrayList<>();

    @TestHTTPResource("/")
    String base;

    private Playwright playwright;
    private Browser browser;
    private Api api;
    private InvocationRecord known;

    ConsoleIT(Bus bus) {
        this.bus = bus;
    }

    @BeforeAll
    @SuppressWarnings("NullAway") // Quarkus sets the field before it calls this.
    void openTheBrowser() throws Exception {
        assumeTrue(Files.isExecutable(CHROMIUM), "needs Debian's chromium at " + CHROMIUM);
        api = new Api(base.replaceAll("/$", ""));
        known = Invocations.success(Instant.now(), "console", random);
        deploy();
        publish(known);
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() ->
                        api.get("/v1/billing/records/" + known.invocationId()).status() == 200);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));
    }

    @AfterAll
    void closeTheBrowser() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @Test
    void showsWhatTheLedgerHolds() throws Exception {
        try (Page page = open(1280, ColorScheme.LIGHT, "")) {
            Locator cost = page.locator(".figure .money").first();
            JsonNode bill = api.get("/v1/billing/current").body();

            assertThat(cost)
                    .hasText(
                            "$" + bill.get("total").asText(),
                            new com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions()
                                    .setTimeout(WAIT_MILLIS));
            assertThat(page.locator(".figure .money").nth(1))
                    .hasText("$" + bill.at("/calls/cost").asText());
            assertThat(page.locator("table.services")).containsText("console");
            assertThat(page.locator("table.services time").first()).containsText(" ago");
            assertThat(page.locator("table.instances")).containsText("ready");
            assertThat(page.locator(".uplot canvas")).isVisible();
            picture(page, "overview-light");
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void showsACallSoonAfterItIsStored() throws Exception {
        try (Page page = open(1280, ColorScheme.DARK, "#invocations")) {
            page.locator("[data-state=live]").waitFor();
            InvocationRecord record = Invocations.success(Instant.now(), "console", random);

            publish(record);

            page.locator("tr[data-id='%s']".formatted(record.invocationId()))
                    .waitFor(new Locator.WaitForOptions().setTimeout(WAIT_MILLIS));
            picture(page, "invocations-dark");
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void opensAnInvocationAndRecomputesItsCost() {
        try (Page page = open(900, ColorScheme.LIGHT, "#invocation/" + known.invocationId())) {
            Locator verdict = page.locator("[data-agrees]");
            verdict.waitFor(new Locator.WaitForOptions().setTimeout(WAIT_MILLIS));

            assertThat(verdict).hasAttribute("data-agrees", "true");
            picture(page, "invocation-light");
        }
    }

    @Test
    void keepsWhatIsLookedForInTheAddress() {
        try (Page page = open(1280, ColorScheme.LIGHT, "#services?find=cons")) {
            assertThat(page.locator("table.services")).containsText("console");
            page.fill("#service-filter", "a&b?#");
            assertThat(page.locator("#page [role=status]")).containsText("a&b?#");
            page.reload();
            assertThat(page.locator("#service-filter")).hasValue("a&b?#");
            page.fill("#service-filter", "");
            assertThat(page.url()).endsWith("#services");

            page.evaluate("location.hash = '#service/default/absent'");
            assertThat(page.locator(".heading .command")).containsText("./wisp services list");
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void tellsUsageApartByALabel() throws Exception {
        label("team", "web");
        try (Page page = open(1280, ColorScheme.LIGHT, "#usage?meter=invocations&span=day")) {
            page.selectOption("#usage-group", "label");
            change(page, "#usage-label", "team");
            assertThat(page.locator("table.services")).containsText("By label team");
            assertThat(page.locator("table.services")).containsText("web");

            change(page, "#usage-labels", "team=other");
            assertThat(page.locator("main")).containsText("Nothing was used in this time.");
            change(page, "#usage-labels", "no selector");
            assertThat(page.locator("#page [role=alert]")).containsText("name=value");
            change(page, "#usage-labels", "team=web");
            assertThat(page.locator("table.services")).containsText("web");

            String address = page.url();
            assertThat(address).contains("group=label%3Ateam", "labels=team%3Dweb");
            page.reload();
            assertThat(page.locator("table.services")).containsText("web");
        }
        assertThat(complaints).allMatch(complaint -> complaint.contains("422"));
        complaints.clear();
    }

    /** A budget of labels says whose calls it stops, and a change of it in the form keeps them. */
    @Test
    void aBudgetOfLabelsDoesNotSayThatAllCallsAreRefused() throws Exception {
        label("team", "web");
        try (Page page = open(1280, ColorScheme.LIGHT, "#billing/budgets")) {
            page.fill("#budget-name", "web");
            page.fill("#budget-amount", "0.000000000001");
            page.fill("#budget-labels", "team=web");
            page.selectOption("#budget-action", "block");
            page.click("text=Set budget");
            assertThat(page.locator("table.services")).containsText("all namespaces · team=web");

            page.evaluate("location.hash = '#service/default/console'");
            assertThat(page.locator(".stopped .badge")).hasText("calls of revisions with team=web are refused");

            page.evaluate("location.hash = '#billing/budgets'");
            page.click("[aria-label='Delete budget web']");
            assertThat(page.locator("table.services")).hasCount(0);
        }
        assertThat(complaints).isEmpty();
    }

    /** Postgres is not away here; what a page does with an answer of 503 is the same. */
    @Test
    void saysWhatIsWrongWhenTheLedgerDoesNotAnswer() {
        try (Page page = open(1280, ColorScheme.LIGHT, "")) {
            page.locator("table.services").waitFor();
            page.route(
                    "**/v1/**",
                    route -> route.fulfill(
                            new com.microsoft.playwright.Route.FulfillOptions()
                                    .setStatus(503)
                                    .setContentType("application/problem+json")
                                    .setBody(
                                            "{\"title\":\"The ledger is away\",\"code\":\"E1701\",\"detail\":\"Postgres did not answer.\"}")));
            for (String hash : List.of(
                    "#usage",
                    "#billing",
                    "#billing/invoices",
                    "#billing/budgets",
                    "#billing/prices",
                    "#billing/credits",
                    "#instance-times",
                    "#invocation/" + known.invocationId(),
                    "#service/default/console/invocations",
                    "#service/default/console/cost")) {
                page.evaluate("hash => { location.hash = hash; }", hash);
                page.locator("#page[data-page='%s']".formatted(hash)).waitFor();
                assertThat(page.locator("#page [role=alert]").first()).containsText("The ledger is away (E1701)");
                assertThat(page.locator("#page .loading")).hasCount(0);
            }
        }
        assertThat(complaints).isNotEmpty().allMatch(complaint -> complaint.contains("503"));
        complaints.clear();
    }

    @Test
    void fitsAPhoneAndIsReachedByKeyboard() {
        try (Page page = open(360, ColorScheme.LIGHT, "")) {
            page.locator("table.services").waitFor();

            assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
            page.keyboard().press("Tab");
            assertThat(page.locator(".skip")).isFocused();
            picture(page, "overview-phone");
        }
        assertThat(complaints).isEmpty();
    }

    /** A call of last month is invoiced, and the invoice comes out of the console as PDF and as CSV. */
    @Test
    void downloadsAnInvoice() throws Exception {
        YearMonth month = YearMonth.now(ZoneOffset.UTC).minusMonths(1);
        Instant then = month.atDay(15).atTime(12, 0).toInstant(ZoneOffset.UTC);
        InvocationRecord record = Invocations.success(then, "console", random);
        publish(record);
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() ->
                        api.get("/v1/billing/records/" + record.invocationId()).status() == 200);
        try (Page page = open(1280, ColorScheme.LIGHT, "#billing/invoices")) {
            APIResponse issued = page.request()
                    .post(
                            base + "v1/billing/invoices",
                            RequestOptions.create()
                                    .setHeader("Content-Type", "application/json")
                                    .setData("{\"month\":\"%s\"}".formatted(month)));
            assertThat(issued.status()).as(issued.text()).isEqualTo(200);
            page.reload();

            page.click("table.services tbody tr:nth-child(2) a");
            Download pdf = page.waitForDownload(() -> page.click("a.action >> text=PDF"));
            Download csv = page.waitForDownload(() -> page.click("a.action >> text=CSV"));

            assertThat(Files.readString(pdf.path(), StandardCharsets.ISO_8859_1))
                    .startsWith("%PDF-");
            assertThat(Files.readString(csv.path())).contains("ExactPicos", "Memory time");
            picture(page, "invoice");
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void showsHostileTextAsText() {
        try (Page page = open(1280, ColorScheme.LIGHT, "")) {
            assertThat(page.locator("table.instances")).containsText(HOSTILE);

            assertThat(page.locator("table.instances img").count()).isZero();
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void letsNothingInButItsOwnFiles() throws Exception {
        var response = api.text("/console/");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy).startsWith("default-src 'self'").doesNotContain("unsafe"));
        assertThat(response.body())
                .doesNotContain("style=")
                .doesNotContain("onclick")
                .doesNotContain("<style");
    }

    private Page open(int width, ColorScheme scheme, String hash) {
        Page page = browser.newPage(new Browser.NewPageOptions()
                .setViewportSize(width, 900)
                .setColorScheme(scheme)
                .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE));
        page.setDefaultTimeout(WAIT_MILLIS);
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.navigate(base + "console/" + hash);
        return page;
    }

    private static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name + ".png"))
                .setFullPage(true));
    }

    private void deploy() throws Exception {
        RevisionId revision = new RevisionId("default", "console-00001");
        bus.publish(Topics.REVISIONS, revision.toString(), Revisions.of(revision, "console"))
                .get(10, TimeUnit.SECONDS);
        Route route = new Route(
                "console.default.localhost", "default", "console", 1, List.of(new Route.Target(revision, 100, null)));
        bus.publish(Topics.ROUTES, route.host(), route).get(10, TimeUnit.SECONDS);
        for (InstanceEvent.State state : List.of(InstanceEvent.State.READY, InstanceEvent.State.GONE)) {
            InstanceEvent event = new InstanceEvent(
                    "i-" + state, revision, "node-1", state, 1, 0, HOSTILE, 1 << 20, 900, Instant.now(), Instant.now());
            bus.publish(Topics.INSTANCES, event.instanceId(), event).get(10, TimeUnit.SECONDS);
        }
    }

    private static void change(Page page, String field, String text) {
        page.fill(field, text);
        page.locator(field).blur();
    }

    private void label(String name, String value) throws Exception {
        RevisionId revision = new RevisionId("default", "console-00001");
        bus.publish(
                        Topics.REVISIONS,
                        revision.toString(),
                        Revisions.of(revision, "console").withLabels(Map.of(name, value)))
                .get(10, TimeUnit.SECONDS);
        String query = "/v1/usage?window=DAY&groupBy=label:" + name;
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> api.get(query).body().toString().contains('"' + value + '"'));
    }

    private void publish(InvocationRecord record) throws Exception {
        bus.publish(Topics.INVOCATIONS, record.account(), Invocations.alone(record))
                .get(10, TimeUnit.SECONDS);
    }
}
