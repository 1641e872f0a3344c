package dev.wisp.controller.registry;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.util.regex.Pattern;

/**
 * What an uploaded image is called: {@code NAME[:TAG]}, in references {@code wisp.local/NAME:TAG}.
 *
 * @param repository lower case words joined by slashes, as the distribution API has them
 */
record UploadName(String repository, String tag) {

    /** The registry that uploaded images seem to come from. */
    static final String HOST = "wisp.local";

    private static final String WORD = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REPOSITORY = Pattern.compile(WORD + "(?:/" + WORD + ")*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final int REPOSITORY_CHARS_MAX = 200;

    UploadName {
        if (!isRepository(repository) || !isTag(tag)) {
            throw new ProblemException(Problem.of(
                            ErrorCode.INVALID, "'%s:%s' cannot be the name of an image".formatted(repository, tag))
                    .withHint("a name is lower case letters, digits and . _ - /, a tag letters, digits and . _ -"));
        }
    }

    static UploadName parse(String text) {
        String name = text.startsWith(HOST + "/") ? text.substring(HOST.length() + 1) : text;
        int colon = name.lastIndexOf(':');
        return colon < 0
                ? new UploadName(name, "latest")
                : new UploadName(name.substring(0, colon), name.substring(colon + 1));
    }

    static boolean isRepository(String text) {
        return text.length() <= REPOSITORY_CHARS_MAX && REPOSITORY.matcher(text).matches();
    }

    static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    String reference() {
        return HOST + "/" + repository + ":" + tag;
    }
}
