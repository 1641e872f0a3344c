package dev.wisp.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console beside a running platform: a real call shows up with the cost its own response named. */
class ConsoleIT {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final double WAIT_MILLIS = 30_000;
    private static final String SERVICE = "console";

    @TempDir
    static Path home;

    private static PlatformProcess platform;
    private static Client client;
    private static Playwright playwright;
    private static Browser browser;

    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        assumeTrue(Files.isExecutable(CHROMIUM), "needs Debian's chromium at " + CHROMIUM);
        platform = new PlatformProcess(home).start();
        client = platform.client();
        client.deployHello(SERVICE, "");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
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

            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThat(withoutSign(cost))
                            .isEqualTo(Client.json(client.get("/v1/billing/current"))
                                    .at("/total/cost")
                                    .asText()));
        }
        assertThat(complaints).isEmpty();
    }

    private Page open(String hash) {
        Page page = browser.newPage();
        page.setDefaultTimeout(WAIT_MILLIS);
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
