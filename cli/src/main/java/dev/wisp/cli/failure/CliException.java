package dev.wisp.cli.failure;

import java.util.ArrayList;
import java.util.List;

/** Ends a command with a message for people and an exit code for scripts. */
public final class CliException extends RuntimeException {

    private final int exitCode;
    private final String code;
    private final transient List<String> details;
    private final transient List<String> evidence;
    private final transient List<String> hints;

    private CliException(
            int exitCode, String what, String code, List<String> details, List<String> evidence, List<String> hints) {
        super(what);
        this.exitCode = exitCode;
        this.code = code;
        this.details = List.copyOf(details);
        this.evidence = List.copyOf(evidence);
        this.hints = List.copyOf(hints);
    }

    /** What went wrong, in one sentence that names the object. */
    public static CliException of(int exitCode, String what) {
        return new CliException(exitCode, what, "", List.of(), List.of(), List.of());
    }

    /** A line more on why. */
    public CliException because(String detail) {
        return new CliException(exitCode, getMessage(), code, plus(details, detail), evidence, hints);
    }

    /** Lines that prove it, such as the last lines of a log. */
    public CliException showing(List<String> lines) {
        return new CliException(exitCode, getMessage(), code, details, lines, hints);
    }

    /** A next step: a command to type. */
    public CliException hint(String hint) {
        return new CliException(exitCode, getMessage(), code, details, evidence, plus(hints, hint));
    }

    /** The stable error code, such as {@code E1203}. */
    public CliException coded(String errorCode) {
        return new CliException(exitCode, getMessage(), errorCode, details, evidence, hints);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public int exitCode() {
        return exitCode;
    }

    public String code() {
        return code;
    }

    public List<String> details() {
        return details;
    }

    public List<String> evidence() {
        return evidence;
    }

    public List<String> hints() {
        return hints;
    }

    private static List<String> plus(List<String> lines, String line) {
        List<String> more = new ArrayList<>(lines);
        more.add(line);
        return more;
    }
}
