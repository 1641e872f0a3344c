package dev.wisp.cli.console;

import dev.wisp.cli.failure.CliException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The two streams of a command: data on standard output, progress and errors on standard error. Color only on a terminal, and never
 * with {@code NO_COLOR}.
 */
public final class Console {

    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean outColor;
    private final boolean errColor;

    public Console(PrintStream out, PrintStream err, boolean outColor, boolean errColor) {
        this.out = out;
        this.err = err;
        this.outColor = outColor;
        this.errColor = errColor;
    }

    /**
     * Of this process.
     *
     * @param terminals which streams are terminals, as the launcher found: {@code 1}, {@code 2} or both
     */
    public static Console ofProcess(String terminals, Map<String, String> environment) {
        boolean color = environment.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(environment.get("TERM"));
        return new Console(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                color && terminals.contains("1"),
                color && terminals.contains("2"));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** A line of data. */
    public void line(String text) {
        out.println(text);
    }

    /** A line of data that people look for, such as the URL at the end. */
    public void result(String text) {
        out.println(paint(outColor, BOLD, text));
    }

    /** Data without an end of line of its own, such as a body. */
    public OutputStream data() {
        return out;
    }

    /** A heading of progress. */
    public void heading(String text) {
        err.println(paint(errColor, BOLD, text));
    }

    /** A line of progress. */
    public void note(String text) {
        err.println(text);
    }

    /** Brings out what is still buffered. */
    public void flush() {
        out.flush();
        err.flush();
    }

    /** A question, answered on the same line. */
    public void prompt(String text) {
        err.print(text);
        err.flush();
    }

    /** A finished phase with the seconds since the command began: {@code   0.31s  Image pulled  3 layers}. */
    public void phase(long millis, String name, String detail) {
        String text = detail.isEmpty() ? name : "%-17s %s".formatted(name, paint(errColor, DIM, safe(detail)));
        err.println(paint(errColor, DIM, Units.secondsPadded(millis)) + "  " + text);
    }

    public void warn(String text) {
        err.println(paint(errColor, YELLOW, "warning: ") + safe(text));
    }

    /** What, why, evidence, next step, code. */
    public void error(CliException failure) {
        String code = failure.code().isEmpty() ? "" : "   [" + failure.code() + "]";
        err.println(paint(errColor, RED, "error: ") + safe(failure.getMessage()) + code);
        failure.details().forEach(line -> err.println("  " + safe(line)));
        failure.evidence().forEach(line -> err.println("    | " + safe(line)));
        failure.hints().forEach(line -> err.println("  try: " + safe(line)));
        if (!failure.code().isEmpty()) {
            err.println("  see: docs/reference/errors.md#" + failure.code().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** Good, bad or in between, in color where there is color. */
    public String state(State state, String text) {
        return switch (state) {
            case GOOD -> paint(outColor, GREEN, text);
            case BAD -> paint(outColor, RED, text);
            case UNSURE -> paint(outColor, YELLOW, text);
            case PLAIN -> text;
        };
    }

    /** How a cell or word is meant. */
    public enum State {
        GOOD,
        BAD,
        UNSURE,
        PLAIN
    }

    /** Text from elsewhere without control characters, which could drive the terminal. */
    public static String safe(String text) {
        if (text.chars().noneMatch(Console::controls)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length());
        text.chars().forEach(c -> safe.append(controls(c) ? '?' : (char) c));
        return safe.toString();
    }

    private static boolean controls(int c) {
        return (c < ' ' && c != '\t') || (c >= 0x7f && c < 0xa0);
    }

    private static String paint(boolean color, String with, String text) {
        return color ? with + text + RESET : text;
    }
}
