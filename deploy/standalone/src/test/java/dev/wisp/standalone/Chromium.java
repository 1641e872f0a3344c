package dev.wisp.standalone;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's browser, without a window. What drives it is for one thread only, so that who needs two at once takes two of these. */
final class Chromium implements AutoCloseable {

    static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private static final double WAIT_MILLIS = 30_000;
    private static final int HEIGHT = 860;

    private final Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final Browser browser = playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions()
                    .setExecutablePath(PROGRAM)
                    .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));

    /** A light one of so many pixels across, which can be asked about its accessibility. */
    Page page(int width) {
        Page page = browser.newPage(new Browser.NewPageOptions()
                .setViewportSize(width, HEIGHT)
                .setColorScheme(ColorScheme.LIGHT)
                .setReducedMotion(ReducedMotion.REDUCE));
        page.setDefaultTimeout(WAIT_MILLIS);
        Accessibility.prepare(page);
        return page;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
