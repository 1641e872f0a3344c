package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.Map;

/** A reader without a mouse: goes by Tab, and checks at every stop that it can be seen and comes after the one before. */
final class Keyboard {

    private static final int STOPS_MAX = 60;

    /** The first stop after a page was opened may be anywhere. */
    private static final String LOOK = """
            () => {
              const stop = document.activeElement;
              const before = window.lastStop;
              window.lastStop = stop;
              const style = getComputedStyle(stop);
              const box = stop.getBoundingClientRect();
              const bar = document.querySelector("header.bar");
              const top = bar.contains(stop) || stop.closest(".skip, dialog") ? 0 : bar.getBoundingClientRect().bottom;
              return {
                what: stop.outerHTML.slice(0, 120),
                outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                inView: box.width > 0 && box.bottom > top + 4 && box.top < innerHeight - 4,
                after: !before?.isConnected || Boolean(before.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING)
              };
            }""";

    private final Page page;

    Keyboard(Page page) {
        this.page = page;
    }

    /** Goes on by Tab until this has the focus. */
    void goTo(Locator wanted) {
        wanted.first().waitFor();
        for (int stop = 0; stop < STOPS_MAX; stop++) {
            page.keyboard().press("Tab");
            Map<?, ?> look = (Map<?, ?>) page.evaluate(LOOK);
            assertThat(look.get("outlined")).as("focus can be seen: %s", look).isEqualTo(true);
            assertThat(look.get("inView")).as("focus is in view: %s", look).isEqualTo(true);
            assertThat(look.get("after"))
                    .as("focus goes down the page: %s", look)
                    .isEqualTo(true);
            if (has(wanted)) {
                return;
            }
        }
        throw new AssertionError("%d times Tab do not lead to %s".formatted(STOPS_MAX, wanted));
    }

    void press(String key) {
        page.keyboard().press(key);
    }

    private static boolean has(Locator wanted) {
        return (boolean) wanted.first().evaluate("element => element === document.activeElement");
    }
}
