package dev.wisp.node.linux;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One call of a program.
 *
 * @param step what it is for, in a word or two: errors name it ({@code mount overlay: EACCES})
 * @param gate whether it is repeated until the word it waits on has changed
 * @param fixed whether this very row stands in the table of every child, which then need not be written anew each time
 */
public record Row(
        String step, Syscall call, List<Argument> arguments, OnFailure onFailure, boolean gate, boolean fixed) {

    static final int ARGUMENTS_MAX = 6;
    private static final int TEXT_MAX = 160;
    private static final int STRINGS_MAX = 4;

    public Row {
        if (arguments.size() > ARGUMENTS_MAX) {
            throw new IllegalArgumentException(
                    "arguments=%d, a call has at most %d".formatted(arguments.size(), ARGUMENTS_MAX));
        }
        for (int i = 1; i < arguments.size(); i++) {
            if (arguments.get(i) instanceof Argument.Previous) {
                throw new IllegalArgumentException("%s: only the first argument can be a result".formatted(step));
            }
        }
        arguments = List.copyOf(arguments);
    }

    /** The row as strace would print it, with its step as a comment. */
    public String text() {
        String list = arguments.stream().map(Row::text).collect(Collectors.joining(", "));
        return call.text() + "(" + list + ")" + onFailure.text() + "  # " + step;
    }

    private static String text(Argument argument) {
        return switch (argument) {
            case Named named -> named.text();
            case Argument.Text text -> quoted(text.value());
            case Argument.Longs longs -> longs.text();
            case Argument.Strings strings -> strings(strings.values());
            case Argument.Word word -> "&" + word.word().name().toLowerCase(Locale.ROOT);
            case Argument.Previous _ -> "result";
        };
    }

    /** Values of an environment may be secrets, so that only how many there are is printed. */
    private static String strings(List<String> values) {
        if (values.size() > STRINGS_MAX || values.stream().anyMatch(value -> value.indexOf('=') > 0)) {
            return "[/* " + values.size() + " strings */]";
        }
        return values.stream().map(Row::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String value) {
        String cut = value.length() > TEXT_MAX ? value.substring(0, TEXT_MAX) + "..." : value;
        return '"' + cut.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
