package dev.wisp.cli;

import dev.wisp.cli.console.Console;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Shows a failure the same way wherever it came from, and chooses the exit code. */
final class Failures implements CommandLine.IParameterExceptionHandler, CommandLine.IExecutionExceptionHandler {

    private final Console console;

    Failures(Console console) {
        this.console = console;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        CliException failure = CliException.of(ExitCode.USAGE, firstLine(e.getMessage()));
        List<String> suggestions =
                e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        if (!suggestions.isEmpty()) {
            failure = failure.hint("did you mean: " + String.join(", ", suggestions));
        }
        return show(failure.hint(command + " --help"));
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult result) {
        // Not a pattern switch: its bootstrap takes 20 ms of every failing command.
        if (e instanceof CliException failure) {
            return show(failure);
        }
        if (e instanceof ParameterException usage) {
            return handleParseException(usage, new String[0]);
        }
        if (e instanceof SocketTimeoutException) {
            return show(CliException.of(ExitCode.TIMEOUT, "no answer in time").because(firstLine(e.getMessage())));
        }
        return e instanceof IOException
                ? show(CliException.of(ExitCode.FAILED, firstLine(e.toString())))
                : unexpected(e);
    }

    private int show(CliException failure) {
        console.error(failure);
        return failure.exitCode();
    }

    /** A mistake in this program: its trace is the evidence. */
    private int unexpected(Exception e) {
        List<String> trace = java.util.Arrays.stream(e.getStackTrace())
                .limit(8)
                .map(StackTraceElement::toString)
                .toList();
        return show(CliException.of(ExitCode.FAILED, "unexpected: " + firstLine(e.toString()))
                .showing(trace));
    }

    private static String firstLine(@Nullable String text) {
        return String.valueOf(text).lines().findFirst().orElse("");
    }
}
