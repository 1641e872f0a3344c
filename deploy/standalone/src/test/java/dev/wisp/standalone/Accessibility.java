package dev.wisp.standalone;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The rules of axe-core, asked of a page as it stands. */
final class Accessibility {

    private static final String SCRIPT = read();

    /** Violations that keep people out, of all rules or of one; the lesser ones are advice. */
    private static final String SERIOUS = """
            async (rule) => {
              const options = { resultTypes: ["violations"] };
              if (rule !== "") options.runOnly = [rule];
              const result = await axe.run(document, options);
              return result.violations
                .filter((rule) => ["serious", "critical"].includes(rule.impact))
                .map((rule) => `${rule.id} (${rule.impact}): ${rule.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
            }""";

    private static final String ALL = "";

    /** The one thing that colours change. */
    private static final String CONTRAST = "color-contrast";

    private Accessibility() {}

    /** Before the page is opened: its policy lets no script in afterwards. */
    static void prepare(Page page) {
        page.addInitScript(SCRIPT);
    }

    /** In light by all rules, in dark by those that look at colours; the page is light afterwards. */
    static List<String> seriousViolations(Page page) {
        List<String> violations = new ArrayList<>(violations(page, ColorScheme.DARK, CONTRAST));
        violations.addAll(violations(page, ColorScheme.LIGHT, ALL));
        return violations;
    }

    private static List<String> violations(Page page, ColorScheme scheme, String rule) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        Object found = page.evaluate(SERIOUS, rule);
        return ((List<?>) found)
                .stream().map(violation -> scheme + " " + violation).toList();
    }

    private static String read() {
        try (InputStream script = Accessibility.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script, "axe.min.js").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading axe.min.js", e);
        }
    }
}
