package dev.wisp.standalone;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The rules of axe-core, asked of a page as it stands. */
final class Accessibility {

    private static final String SCRIPT = read();

    /** Violations that keep people out; the lesser ones are advice. */
    private static final String SERIOUS = """
            async () => {
              const result = await axe.run(document, { resultTypes: ["violations"] });
              return result.violations
                .filter((rule) => ["serious", "critical"].includes(rule.impact))
                .map((rule) => `${rule.id} (${rule.impact}): ${rule.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
            }""";

    private Accessibility() {}

    /** Before the page is opened: its policy lets no script in afterwards. */
    static void prepare(Page page) {
        page.addInitScript(SCRIPT);
    }

    static List<String> seriousViolations(Page page) {
        Object found = page.evaluate(SERIOUS);
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    private static String read() {
        try (InputStream script = Accessibility.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script, "axe.min.js").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading axe.min.js", e);
        }
    }
}
