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
import java.util.regex.Pattern;
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
    private static final double WAIT_MILLIS = 20_000;
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    /** The first cannot be decoded. */
    private static final List<String> NOWHERE = List.of(
            "#%E0%A4%A",
            "#nowhere/to/go?x=1",
            "#service/default",
            "#service/default/console/absent",
            "#billing/absent",
            "#billing/credits/1");

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
            assertThat(page.locator("table.services tbody tr", new Page.LocatorOptions().setHasText("console-00001")))
                    .containsText(Pattern.compile("%[\\d.]+ (µs|ms|s)\\$"));
            assertThat(page.locator("table.instances")).containsText("ready");
            assertThat(page.locator(".uplot canvas")).isVisible();
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
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void opensAnInvocationAndRecomputesItsCost() {
        try (Page page = open(900, ColorScheme.LIGHT, "#invocation/" + known.invocationId())) {
            Locator verdict = page.locator("[data-agrees]");
            verdict.waitFor(new Locator.WaitForOptions().setTimeout(WAIT_MILLIS));

            assertThat(verdict).hasAttribute("data-agrees", "true");
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

    /** All that a version has, and those before and after it; one that is to come is not the one in force. */
    @Test
    void showsTheWholePriceBook() {
        try (Page page = open(1280, ColorScheme.LIGHT, "#billing/prices")) {
            post(page, "v1/billing/prices", """
                {"effectiveFrom":"2099-01-01T00:00:00Z","perRequest":"0.0000002","perCpuSecond":"0.000024","perGibSecond":"0.0000025",
                 "incrementMillis":100,"fee":"5","minimum":"1.5","meters":{
                  "REQUESTS":{"free":"1000000","tiers":[{"upTo":"6000000000","price":"0.0000003"},{"price":"0.0000001"}]},
                  "EGRESS":{"mode":"volume","tiers":[{"upTo":"100","price":"0.09"},{"price":"0.05"}]},
                  "MEMORY_TIME":{"discountPercent":"2.5","tiers":[{"price":"0.0000025"}]},
                  "IDLE_MEMORY_TIME":{"tiers":[{"price":"0.0000003"}]}}}""");
            page.reload();
            assertThat(page.locator("#prices-title")).hasText("Prices, version 1");
            Locator versions = page.locator("table.versions");
            assertThat(versions)
                    .containsText("Requests, Memory time, Egress, Idle memory time, fee, minimum, time step");

            versions.locator("tbody tr").first().locator("a").click();

            assertThat(page.locator(".title-row .state")).hasText("to come");
            assertThat(page.locator("dl.month")).containsText("Fee$5.00");
            assertThat(page.locator("dl.month")).containsText("Minimum$1.50");
            assertThat(page.locator("dl.month")).containsText("Time step100 ms");
            Locator rows = page.locator("table.prices tbody tr");
            assertThat(rows.nth(0)).containsText("1,000,000requests");
            assertThat(rows.nth(0)).containsText("up to 6,000,000,000 requests$0.0000003 a request$0.30 a million");
            assertThat(rows.nth(0)).containsText("over 6,000,000,000 requests$0.0000001 a request$0.10 a million");
            assertThat(rows.nth(0)).containsText("graduated");
            assertThat(rows.nth(1)).containsText("$0.0864 a core-hour—the same");
            assertThat(rows.nth(2)).containsText("free");
            assertThat(rows.nth(3)).containsText("2.5 %");
            assertThat(rows.nth(4)).containsText("volume");
            assertThat(rows.nth(6)).containsText("$0.0000003 a GiB-second");
            page.evaluate("location.hash = '#billing/prices/4000'");
            assertThat(page.locator("#page [role=alert]")).containsText("no version 4000");
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void showsEachCreditThatWasGranted() {
        try (Page page = open(1280, ColorScheme.LIGHT, "#billing/credits")) {
            assertThat(page.locator(".empty")).containsText("None granted yet");
            post(page, "v1/billing/credits", "{\"amount\":\"12.50\",\"reason\":\"%s\"}".formatted(HOSTILE));
            page.reload();

            Locator credit = page.locator("table.credits tbody tr");
            assertThat(credit).hasCount(1);
            assertThat(credit).containsText("Credit 1");
            assertThat(credit).containsText(HOSTILE + "$12.50$12.50");
        }
        assertThat(complaints).isEmpty();
    }

    /** Both where a page begins and where one leads to. */
    @Test
    void saysSoWhereNoPageIs() {
        try (Page page = open(1280, ColorScheme.LIGHT, NOWHERE.getFirst())) {
            for (String hash : NOWHERE) {
                page.evaluate("hash => { location.hash = hash; }", hash);
                assertThat(page.locator(".not-found code")).hasText(hash);
                assertThat(page.locator("h1")).hasText("No such page");
                assertThat(page).hasTitle("No such page · Wisp");
                page.locator(".pages a", new Page.LocatorOptions().setHasText("Overview"))
                        .click();
                assertThat(page.locator("h1")).hasText("Overview");
            }
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void tellsUsageApartByALabel() throws Exception {
        awaitItsLabel();
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
        awaitItsLabel();
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
    void halfAnAnswerIsTroubleAndNotAnEmptyOne() {
        try (Page page = open(1280, ColorScheme.LIGHT, "")) {
            page.locator("table.services").waitFor();
            page.route(
                    "**/v1/billing/budgets",
                    route -> route.fulfill(new com.microsoft.playwright.Route.FulfillOptions()
                            .setContentType("application/json")
                            .setBody("[{\"name\":\"tea")));

            page.evaluate("location.hash = '#billing/budgets'");

            assertThat(page.locator("#page [role=alert]")).containsText("cut off");
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void fitsAPhoneAndIsReachedByKeyboard() {
        try (Page page = open(360, ColorScheme.LIGHT, "")) {
            page.locator("table.services").waitFor();

            assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
            page.keyboard().press("Tab");
            assertThat(page.locator(".skip")).isFocused();
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
            post(page, "v1/billing/invoices", "{\"month\":\"%s\"}".formatted(month));
            page.reload();

            page.click("table.services tbody tr:nth-child(2) a");
            Download pdf = page.waitForDownload(() -> page.click("a.action >> text=PDF"));
            Download csv = page.waitForDownload(() -> page.click("a.action >> text=CSV"));

            assertThat(Files.readString(pdf.path(), StandardCharsets.ISO_8859_1))
                    .startsWith("%PDF-");
            assertThat(Files.readString(csv.path())).contains("ExactPicos", "Memory time");
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

    private void post(Page page, String path, String json) {
        APIResponse answer = page.request()
                .post(
                        base + path,
                        RequestOptions.create()
                                .setHeader("Content-Type", "application/json")
                                .setData(json));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
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

    private void deploy() throws Exception {
        RevisionId revision = new RevisionId("default", "console-00001");
        bus.publish(
                        Topics.REVISIONS,
                        revision.toString(),
                        Revisions.of(revision, "console").withLabels(Map.of("team", "web")))
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

    /** Labels of a revision never change: the service has this one since it was deployed. */
    private void awaitItsLabel() {
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> api.get("/v1/usage?window=DAY&groupBy=label:team")
                        .body()
                        .toString()
                        .contains("\"web\""));
    }

    private void publish(InvocationRecord record) throws Exception {
        bus.publish(Topics.INVOCATIONS, record.account(), Invocations.alone(record))
                .get(10, TimeUnit.SECONDS);
    }
}
