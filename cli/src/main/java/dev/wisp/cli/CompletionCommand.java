package dev.wisp.cli;

import dev.wisp.cli.console.Console;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wisp completion}. */
@Command(
        name = "completion",
        description = "Print a completion script for bash or zsh.",
        footer = {
            "",
            "Examples:",
            "  source <(wisp completion bash)",
            "  wisp completion zsh > ~/.wisp-completion; source ~/.wisp-completion"
        })
final class CompletionCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    String shell = "";

    @Spec
    @Nullable
    CommandSpec spec;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw CliException.of(ExitCode.USAGE, "no completion for '%s'".formatted(shell))
                    .hint("wisp completion bash | zsh");
        }
        if (spec == null) {
            throw new IllegalStateException("not a subcommand");
        }
        // One script serves both: it turns on zsh's reading of bash completions by itself.
        console.line(AutoComplete.bash("wisp", spec.root().commandLine()));
        return ExitCode.OK;
    }
}
