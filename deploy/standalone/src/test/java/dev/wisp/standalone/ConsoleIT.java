package dev.wisp.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console beside a running platform: a real call shows up with the cost its own response named. */
class ConsoleIT {

    private static final String SERVICE = "console";
    private static final int WIDE = 1280;
    private static final int PHONE = 360;

    /** Where those of the documentation go, which nobody else needs: {@code -Dwisp.pictures=DIR}. */
    private static final String PICTURES = System.getProperty("wisp.pictures", "");

    private static final List<String> PAGES = List.of(
            "#overview",
            "#services",
            "#service/default/console",
            "#service/default/console/invocations",
            "#service/default/console/logs",
            "#service/default/console/test",
            "#service/default/console/scaling",
            "#service/default/console/revisions",
            "#service/default/console/instances",
            "#service/default/console/cost",
            "#service/default/absent",
            "#service/default/fresh/nothing",
            "#services?find=nothing-is-called-so",
            "#invocations",
            "#invocation/00000000-0000-7000-8000-000000000000",
            "#records",
            "#records?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z",
            "#instance-times",
            "#usage?compare=yes",
            "#usage?group=label:team",
            "#usage?labels=team=none",
            "#billing",
            "#billing/invoices",
            "#billing/invoices/draft",
            "#billing/invoices/1",
            "#billing/invoices/4000",
            "#billing/budgets",
            "#billing/prices",
            "#billing/prices/2",
            "#billing/prices/4000",
            "#billing/credits",
            "#deploy",
            "#nowhere/at/all");

    /** Asked once more while nothing of the ledger can be read. */
    private static final List<String> PAGES_OF_THE_LEDGER = List.of(
            "#overview", "#services", "#billing", "#billing/prices", "#billing/invoices/1", "#records", "#usage");

    private static final Set<String> PICTURED = Set.of(
            "#overview",
            "#usage?compare=yes",
            "#billing/prices/2",
            "#billing/credits",
            "#billing/invoices/1",
            "#services");

    /** A version with everything that one can have; far enough ahead that nothing is ever billed by it. */
    private static final String PRICES = """
            {"effectiveFrom":"2099-01-01T00:00:00Z","perRequest":"0.0000002","perCpuSecond":"0.000024","perGibSecond":"0.0000025",
             "perEgressGb":"0.05","incrementMillis":10,"fee":"5","minimum":"1","meters":{
              "REQUESTS":{"free":"1000000","tiers":[{"price":"0.0000002"}]},
              "MEMORY_TIME":{"free":"400000","discountPercent":"2.5","tiers":[{"upTo":"6000000000","price":"0.0000025"},{"price":"0.000002"}]},
              "EGRESS":{"mode":"volume","tiers":[{"upTo":"100","price":"0.09"},{"upTo":"10000","price":"0.07"},{"price":"0.05"}]},
              "IDLE_MEMORY_TIME":{"tiers":[{"price":"0.0000003"}]}}}""";

    @TempDir
    static Path home;

    private static PlatformProcess platform;
    private static Client client;
    private static Chromium browser;

    /** Of pages of two threads. */
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        assumeTrue(Files.isExecutable(Chromium.PROGRAM), "needs Debian's chromium at " + Chromium.PROGRAM);
        String kafka = "127.0.0.1:" + PlatformProcess.freePort();
        platform = new PlatformProcess(home).with("wisp.kafka.listen", kafka).start();
        client = platform.client();
        client.deployHello(SERVICE, "");
        assertThat(new LastMonth(client, kafka).invoice(SERVICE)).isEqualTo(1);
        post("/v1/billing/credits", "{\"amount\":\"25.00\",\"reason\":\"welcome\"}");
        post("/v1/billing/prices", PRICES);
        browser = new Chromium();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void showsACallWithTheCostItsResponseNamed() {
        try (Page page = open("#overview")) {
            assertThat(page.locator("table.services")).containsText(SERVICE + "-00001");

            HttpResponse<String> call = client.invoke(SERVICE, "/");

            Locator row = page.locator("tr[data-id='%s']".formatted(header(call, "x-invocation-id")));
            row.waitFor();
            assertThat(header(call, "x-cost")).startsWith(withoutSign(row.locator(".money")));
            row.locator("a").click();
            assertThat(page.locator("[data-agrees]")).hasAttribute("data-agrees", "true");
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void agreesWithTheBill() {
        client.invoke(SERVICE, "/");
        try (Page page = open("#overview")) {
            Locator cost = page.locator(".figure .money").first();
            cost.waitFor();

            Awaitility.await()
                    .untilAsserted(() -> assertThat(withoutSign(cost))
                            .isEqualTo(Client.json(client.get("/v1/billing/current"))
                                    .at("/total")
                                    .asText()));
        }
        assertThat(complaints).isEmpty();
    }

    /**
     * The way of a user from an image to the bill, in one go: deploy, call, see it scale, find the call, open its cost, set a budget, get
     * blocked, and download the invoice of the month before.
     */
    @Test
    void takesAUserFromTheImageToTheInvoice() throws IOException {
        try (Page page = open("#deploy")) {
            deploys(page);
            calls(page);
            seesItScale(page);
            readsItsLogs(page);
            opensTheCostOfTheCall(page);
            setsABudgetAndIsBlocked(page);
            downloadsTheInvoice(page);
        }
        assertThat(complaints).isEmpty();
    }

    private static void deploys(Page page) {
        page.fill("#deploy-name", "fresh");
        page.setInputFiles("#deploy-archive", Client.HELLO);
        page.fill("#estimate-requests", "10000000");
        assertThat(page.locator(".estimate .sum")).containsText("a month");
        page.click("form[aria-labelledby=deploy-title] button[type=submit]");
        page.locator("[data-state=READY]").waitFor();
        assertThat(Accessibility.seriousViolations(page)).isEmpty();
        picture(page, "deploy");
    }

    private static void calls(Page page) {
        page.click("text=Send it a request");
        page.fill("#call-path", "/burn?ms=20");
        page.click("text=Send request");
        assertThat(page.locator("[data-status]")).hasText("200");
        assertThat(page.locator("table.pairs")).containsText("x-cost");
        assertThat(Accessibility.seriousViolations(page)).isEmpty();
        picture(page, "test");
    }

    private static void seesItScale(Page page) {
        page.click(".tabs >> text=Scaling");
        assertThat(page.locator(".decisions")).containsText("in flight over");
        page.locator(".decisions summary").first().click();
        picture(page, "scaling");
    }

    private static void readsItsLogs(Page page) {
        page.click(".tabs >> text=Logs");
        assertThat(page.locator(".log-lines")).containsText("GET /burn 200");
        client.invoke("fresh", "/");
        assertThat(page.locator(".log-lines")).containsText("GET / 200");
        picture(page, "logs");
        page.fill("#field-filter", "GET /burn");
        page.reload();
        assertThat(page.locator(".log-lines")).containsText("GET /burn 200");
        assertThat(page.locator(".log-lines")).not().containsText("GET / 200");
    }

    private static void opensTheCostOfTheCall(Page page) {
        page.click(".tabs >> text=Invocations");
        page.locator("table.records tbody a").first().click();
        assertThat(page.locator("[data-agrees]")).hasAttribute("data-agrees", "true");
        picture(page, "invocation");
    }

    /** A budget that is spent refuses the next call, the service's page says so, and taking the budget away lets calls through again. */
    private static void setsABudgetAndIsBlocked(Page page) {
        page.click("header >> text=Billing");
        page.click(".tabs >> text=Budgets");
        page.fill("#budget-name", "stop");
        page.fill("#budget-amount", "0.000000000001");
        page.fill("#budget-namespace", "default");
        page.selectOption("#budget-action", "block");
        page.click("text=Set budget");
        assertThat(page.locator("table.services .badge.stopped")).hasText("refused");
        awaitStatus("fresh", 402);

        go(page, "#service/default/fresh/test");
        page.click("text=Send request");
        assertThat(page.locator("[data-status]")).hasText("402");
        assertThat(page.locator("main")).containsText("budget stop of 0.000000000001 USD a month");
        assertThat(page.locator(".stopped .badge")).hasText("calls are refused");
        assertThat(Accessibility.seriousViolations(page)).isEmpty();
        page.locator(".figures.inner").scrollIntoViewIfNeeded();
        picture(page, "blocked");

        go(page, "#billing/budgets");
        page.click("[aria-label='Delete budget stop']");
        assertThat(page.locator("table.services")).hasCount(0);
        awaitStatus("fresh", 200);
    }

    private static void downloadsTheInvoice(Page page) throws IOException {
        page.click(".tabs >> text=Invoices");
        page.locator("table.services tbody a").last().click();
        assertThat(page.locator("#invoice-title")).hasText("Invoice 1");
        String total = withoutSign(page.locator(".totals .money").last());

        Download pdf = page.waitForDownload(() -> page.click("a.action >> text=PDF"));
        Download csv = page.waitForDownload(() -> page.click("a.action >> text=CSV"));

        assertThat(pdf.suggestedFilename()).isEqualTo("invoice-1.pdf");
        assertThat(Files.readString(pdf.path(), StandardCharsets.ISO_8859_1)).startsWith("%PDF-");
        assertThat(csv.suggestedFilename()).isEqualTo("invoice-1.csv");
        assertThat(sumOfAmounts(Files.readString(csv.path())))
                .isEqualByComparingTo(total)
                .isPositive();
    }

    private static BigDecimal sumOfAmounts(String csv) {
        return csv.lines()
                .skip(1)
                .map(line -> line.split(","))
                .map(cells -> new BigDecimal(cells[cells.length - 2]))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Test
    void showsWhereTheStartOfAColdCallWent() throws IOException {
        client.deployHello("cold", "\"wisp.dev/keep-alive\":\"0s\"");
        AtomicReference<HttpResponse<String>> call = new AtomicReference<>();
        Awaitility.await("a cold call").atMost(Duration.ofSeconds(20)).until(() -> {
            call.set(client.invoke("cold", "/"));
            return call.get().headers().firstValue("x-cold-start").orElse("").equals("true");
        });
        String id = call.get().headers().firstValue("x-invocation-id").orElseThrow();
        Awaitility.await("its record")
                .atMost(Duration.ofSeconds(20))
                .until(() -> client.get("/v1/billing/records/" + id).statusCode() == 200);

        try (Page page = open("#invocation/" + id)) {
            assertThat(page.locator("#start-parts")).containsText("until the program listened");
            assertThat(Accessibility.seriousViolations(page)).isEmpty();
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void opensTheBillDownToItsRecords() {
        client.invoke(SERVICE, "/");
        try (Page page = open("#billing")) {
            assertThat(page.locator("table.services")).containsText(SERVICE);
            picture(page, "billing");
            page.click(".tabs >> text=Invoices");
            page.click("text=Draft");
            page.locator("text=Memory time").first().waitFor();
            picture(page, "invoice");
            page.click("text=Memory time");
            page.locator("table.records tbody tr").first().waitFor();
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void setsABudgetAndShowsWhatOfItIsSpent() {
        client.invoke(SERVICE, "/");
        try (Page page = open("#billing/budgets")) {
            page.fill("#budget-name", "tiny");
            page.fill("#budget-amount", "0.000000000001");
            page.click("text=Set budget");

            assertThat(page.locator("table.services")).containsText("tiny");
            assertThat(page.locator("table.services .badge").first()).hasText("50 %");
            assertThat(Accessibility.seriousViolations(page)).isEmpty();
            page.click("[aria-label='Delete budget tiny']");
            assertThat(page.locator("table.services")).hasCount(0);
        }
        assertThat(complaints).isEmpty();
    }

    /** Past the bar, to a service, along its tabs, into a dialog and out of it. */
    @Test
    void isUsedWithoutAMouse() throws IOException {
        client.deployHello("keys", "");
        client.put(
                Client.services("default") + "/keys",
                Client.service("keys", "wisp.local/keys", "\"autoscaling.knative.dev/max-scale\":\"2\""));
        try (Page page = open("#services")) {
            Locator service = page.locator("[data-key='service default/keys']");
            service.waitFor();
            Keyboard keyboard = new Keyboard(page);

            keyboard.goTo(page.locator(".skip"));
            keyboard.press("Enter");
            assertThat(page.locator("#main")).isFocused();
            assertThat(page.url()).endsWith("#services");
            keyboard.goTo(page.locator("#service-filter"));
            page.keyboard().type("keys");
            staysWhileTheTableIsDrawnAnew(page);
            keyboard.goTo(service);
            keyboard.press("Enter");
            assertThat(page.locator("h1")).hasText("keys");

            keyboard.goTo(page.locator("[data-key='tab logs']"));
            keyboard.press("Enter");
            assertThat(page.locator("[data-key='tab logs'][aria-current=page]")).isFocused();
            keyboard.goTo(page.locator("[data-key='tab revisions']"));
            keyboard.press("Enter");
            assertThat(page.locator("table.services")).containsText("keys-00002");

            Locator move = page.locator("[data-key='move keys-00001']");
            keyboard.goTo(move);
            keyboard.press("Enter");
            assertThat(page.locator("dialog[open] button").first()).isFocused();
            keyboard.goTo(page.locator("dialog[open] button.primary"));
            assertThat(Accessibility.seriousViolations(page)).isEmpty();
            keyboard.press("Escape");
            assertThat(page.locator("dialog[open]")).hasCount(0);
            assertThat(move).isFocused();
            assertThat(page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])"))
                    .hasCount(0);
        }
        assertThat(complaints).isEmpty();
    }

    /** At both widths at once: each has a browser of its own, which has work for one processor. */
    @Test
    void letsEveryoneIn() throws Exception {
        client.invoke(SERVICE, "/");
        try (ExecutorService readers = Executors.newSingleThreadExecutor()) {
            Future<?> phone = readers.submit(() -> {
                try (Chromium another = new Chromium()) {
                    letsEveryoneIn(another, PHONE);
                }
            });
            letsEveryoneIn(browser, WIDE);
            phone.get();
        }
        // What is asked for and is not there, and the ledger that was taken away.
        assertThat(complaints).allMatch(complaint -> complaint.contains("404") || complaint.contains("503"));
    }

    private void letsEveryoneIn(Chromium browser, int width) {
        try (Page page = open(browser, "#overview", width)) {
            page.locator("[data-state=live]").waitFor();
            for (String hash : PAGES) {
                isOpen(page, hash, width);
                if (PICTURED.contains(hash)) {
                    pictures(page, hash.replaceAll("[^a-z0-9]+", "-").substring(1) + (width == PHONE ? "-phone" : ""));
                }
            }
            page.route(
                    "**/v1/**",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setStatus(503)
                            .setContentType("application/problem+json")
                            .setBody("{\"title\":\"The ledger is away\",\"detail\":\"Postgres did not answer.\"}")));
            for (String hash : PAGES_OF_THE_LEDGER) {
                isOpen(page, hash, width);
                page.locator("[role=alert]:visible").first().waitFor();
            }
        }
    }

    private static void isOpen(Page page, String hash, int width) {
        go(page, hash);
        page.locator("#page[data-page='%s']".formatted(hash)).waitFor();
        assertThat(page.locator("main .loading")).hasCount(0);

        assertThat(Accessibility.seriousViolations(page)).as(hash).isEmpty();
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("%s fits %d pixels", hash, width)
                .isEqualTo(true);
    }

    private static void post(String path, String json) {
        HttpResponse<String> answer = client.post(path, json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void go(Page page, String hash) {
        page.evaluate("hash => { location.hash = hash; }", hash);
    }

    private static void awaitStatus(String service, int status) {
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(client.invoke(service, "/").statusCode()).isEqualTo(status));
    }

    /** Where the reader is, also on what scrolls. */
    private static void staysWhileTheTableIsDrawnAnew(Page page) {
        Locator table = page.locator("[role=region]");
        table.focus();
        client.invoke("keys", "/");
        assertThat(table.locator("tbody td").nth(2)).hasText("1");
        assertThat(table).isFocused();
    }

    private static void picture(Page page, String name) {
        if (!PICTURES.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(PICTURES, name + ".png")));
        }
    }

    /** One in each scheme of colours. */
    private static void pictures(Page page, String name) {
        picture(page, name);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        picture(page, name + "-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    private Page open(String hash) {
        return open(browser, hash, WIDE);
    }

    private Page open(Chromium browser, String hash, int width) {
        Page page = browser.page(width);
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.navigate("http://127.0.0.1:%s/console/%s".formatted(platform.setting("quarkus.http.port"), hash));
        return page;
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElseThrow();
    }

    /** The amount as the title of its element has it, every digit, without {@code $}. */
    private static String withoutSign(Locator money) {
        return String.valueOf(money.getAttribute("title")).substring(1);
    }
}
