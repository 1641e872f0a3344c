package dev.wisp.cli.failure;

import java.util.List;

/** Exit codes, stable for scripts. */
public final class ExitCode {

    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int NOT_FOUND = 3;
    public static final int CONFLICT = 4;
    public static final int NOT_ALLOWED = 5;
    public static final int QUOTA = 6;
    public static final int TIMEOUT = 7;
    public static final int UNREACHABLE = 8;
    /** {@code invoke --fail} and an answer of 400 or above, as curl has it. */
    public static final int HTTP_ERROR = 22;

    /** For {@code --help}. */
    public static final List<String> HELP = List.of(
            "0:done",
            "1:failed",
            "2:wrong usage",
            "3:not found",
            "4:conflict, or already there",
            "5:not allowed",
            "6:quota or budget",
            "7:waited too long",
            "8:the platform cannot be reached",
            "22:invoke --fail, and the service answered 400 or above");

    private ExitCode() {}

    /** For a problem document of this HTTP status and error code. */
    public static int of(int status, String code) {
        if (code.startsWith("E15")) {
            return QUOTA;
        }
        return switch (status) {
            case 401, 403 -> NOT_ALLOWED;
            case 404 -> NOT_FOUND;
            case 409, 412 -> CONFLICT;
            default -> FAILED;
        };
    }
}
