package dev.wisp.cli.invoke;

import dev.wisp.cli.api.Problems;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Response;
import java.io.IOException;
import java.time.Duration;

/** A call that the platform makes for somebody who does not wait: its id, and its answer once there is one. */
final class StoredCall {

    private static final int ACCEPTED = 202;

    private static final String PATH = "/_wisp/async/";
    private static final String STATE = "x-async-state";
    private static final int PROBLEM_BYTES_MAX = 64 << 10;
    private static final int ID_LENGTH_MAX = 64;
    private static final long SECONDS_MAX = 30;

    private StoredCall() {}

    /** Asks once for the answer. */
    interface Ask {

        Response ask() throws IOException;
    }

    static String path(String id) {
        if (id.isEmpty() || id.length() > ID_LENGTH_MAX || !id.chars().allMatch(StoredCall::isIdLetter)) {
            throw CliException.of(ExitCode.USAGE, "--result: '%s' is not the id of a call".formatted(id));
        }
        return PATH + id;
    }

    /** What the platform's answer to a call that it was to store says. */
    static String id(Response response) throws IOException {
        if (response.status() != ACCEPTED) {
            throw Problems.failure(response.status(), response.beginning(PROBLEM_BYTES_MAX));
        }
        String location = response.headers().first("Location").orElse("");
        if (!location.startsWith(PATH)) {
            throw CliException.of(
                    ExitCode.FAILED, "the service itself answered 202: it was not stored by the platform");
        }
        return location.substring(PATH.length());
    }

    /**
     * The answer, asked for as often as the platform says.
     *
     * @param longest zero for as long as it takes
     */
    static Response await(Ask ask, Duration longest) throws IOException {
        long begin = System.nanoTime();
        while (true) {
            Response response = ask.ask();
            String state = response.headers().first(STATE).orElse("");
            if (state.isEmpty()) {
                throw Problems.failure(response.status(), response.beginning(PROBLEM_BYTES_MAX));
            }
            if (!state.equals("pending")) {
                return response;
            }
            long seconds = seconds(response);
            response.close();
            long left = longest.toNanos() - (System.nanoTime() - begin);
            if (!longest.isZero() && left <= 0) {
                throw CliException.of(
                        ExitCode.TIMEOUT, "the call is not over after %d s".formatted(longest.toSeconds()));
            }
            pause(
                    longest.isZero()
                            ? seconds
                            : Math.min(seconds, Duration.ofNanos(left).toSeconds() + 1));
        }
    }

    private static long seconds(Response response) {
        String text = response.headers().first("Retry-After").orElse("1");
        return text.length() < 5 && text.chars().allMatch(Character::isDigit) && !text.isEmpty()
                ? Math.clamp(Long.parseLong(text), 1, SECONDS_MAX)
                : 1;
    }

    private static void pause(long seconds) {
        try {
            Thread.sleep(Duration.ofSeconds(seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.of(ExitCode.FAILED, "interrupted");
        }
    }

    private static boolean isIdLetter(int letter) {
        return letter == '-' || Character.digit(letter, 16) >= 0;
    }
}
