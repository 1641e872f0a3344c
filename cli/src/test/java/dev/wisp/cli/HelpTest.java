package dev.wisp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.EnvironmentDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The help is the reference: every command has one with examples, and the page in the documentation shows the same. */
class HelpTest {

    private static final Path PAGE = Path.of("../docs/reference/cli.md");

    private static final String INTRODUCTION = """
            # Command line

            `./wisp` finds a JDK, builds what is missing and runs the command. Data goes to standard output, progress and errors to standard
            error. Exit codes and the environment variables behind options stand at the end of `wisp --help`.

            This page is what `--help` prints; a test keeps it so (`./wisp test -pl cli -am -Dwisp.docs.write=true` writes it anew).
            """;

    @Test
    void everyCommandShowsHelpWithExamples() {
        for (CommandLine command : commands()) {
            String help = command.getUsageMessage();

            assertThat(help).as(command.getCommandSpec().qualifiedName()).startsWith("Usage: wisp");
            if (command.getSubcommands().isEmpty()) {
                assertThat(help).as(command.getCommandSpec().qualifiedName()).contains("Examples:");
            }
        }
        assertThat(new Terminal().run("deploy", "--help").exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void noTwoOptionsShareAVariableByAccident() {
        List<String> own = new ArrayList<>();
        for (CommandLine command : commands()) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                String variable = EnvironmentDefaults.variable(option);
                if (!List.of("WISP_API", "WISP_NAMESPACE", "WISP_OUTPUT", "WISP_HOME", "WISP_QUIET", "WISP_NO_HEADERS")
                        .contains(variable)) {
                    own.add(variable);
                }
            }
        }
        assertThat(own)
                .doesNotHaveDuplicates()
                .contains("WISP_UP_PORT", "WISP_DEPLOY_PORT", "WISP_SERVICES_DELETE_YES");
    }

    @Test
    void thePageInTheDocumentationIsTheHelp() throws IOException {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (CommandLine command : commands()) {
            page.append("%n## %s%n%n```text%n%s```%n"
                    .formatted(command.getCommandSpec().qualifiedName(), command.getUsageMessage()));
        }
        if (Boolean.getBoolean("wisp.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page.toString());
    }

    private static List<CommandLine> commands() {
        CommandLine wisp =
                WispCommand.commandLine(dev.wisp.cli.console.Console.ofProcess("", Map.of()), Map.of(), List.of());
        List<CommandLine> commands = new ArrayList<>(List.of(wisp));
        for (int i = 0; i < commands.size(); i++) {
            commands.get(i).getSubcommands().values().stream().distinct().forEach(commands::add);
        }
        return commands;
    }
}
