package dev.wisp.cli;

import dev.wisp.cli.billing.BillingCommand;
import dev.wisp.cli.billing.BudgetsCommand;
import dev.wisp.cli.billing.InvoicesCommand;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.invoke.InvokeCommand;
import dev.wisp.cli.node.NodesCommand;
import dev.wisp.cli.observe.ExplainCommand;
import dev.wisp.cli.observe.LogsCommand;
import dev.wisp.cli.observe.TopCommand;
import dev.wisp.cli.observe.UsageCommand;
import dev.wisp.cli.option.EnvironmentDefaults;
import dev.wisp.cli.platform.BenchCommand;
import dev.wisp.cli.platform.DoctorCommand;
import dev.wisp.cli.platform.DownCommand;
import dev.wisp.cli.platform.Installation;
import dev.wisp.cli.platform.ReplayCommand;
import dev.wisp.cli.platform.StatusCommand;
import dev.wisp.cli.platform.UpCommand;
import dev.wisp.cli.service.DeployCommand;
import dev.wisp.cli.service.ServicesCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code wisp} and all below it. */
@Command(
        name = "wisp",
        description = "Runs any container image as an HTTP service that costs nothing while nobody calls it.",
        exitCodeListHeading = "%nExit codes:%n",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Every option has an environment variable: WISP_API, WISP_NAMESPACE, WISP_HOME and",
            "WISP_OUTPUT for those that commands share, WISP_UP_PORT for 'wisp up --port'.",
            "NO_COLOR turns color off.",
            "",
            "Examples:",
            "  wisp up                                start the platform, with the sample 'hello'",
            "  wisp invoke hello --cost               call it and see the bill of the call",
            "  wisp deploy api --image REF            run an image of your own",
            "  wisp usage                             what was used, and what it costs"
        })
public final class WispCommand {

    private WispCommand() {}

    /**
     * With its subcommands, error texts and defaults from the environment.
     *
     * @param arguments what is going to be parsed: when they name one command, only that is set up, since reading the annotations
     *     of all of them takes longer than a whole call of the API
     */
    public static CommandLine commandLine(Console console, Map<String, String> environment, List<String> arguments) {
        Map<String, Supplier<Object>> commands = commands(console, Installation.ofProcess());
        CommandLine wisp = new CommandLine(new WispCommand());
        Supplier<Object> only = arguments.isEmpty() ? null : commands.get(arguments.getFirst());
        if (only != null && !arguments.getFirst().equals("completion")) {
            wisp.addSubcommand(only.get());
        } else {
            commands.values().forEach(command -> wisp.addSubcommand(command.get()));
        }
        configure(wisp);
        return wisp.setDefaultValueProvider(new EnvironmentDefaults(environment))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler(new Failures(console))
                .setExecutionExceptionHandler(new Failures(console));
    }

    private static Map<String, Supplier<Object>> commands(Console console, Installation installation) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("up", () -> new UpCommand(console, installation));
        commands.put("down", () -> new DownCommand(console, installation));
        commands.put("status", () -> new StatusCommand(console));
        commands.put("doctor", () -> new DoctorCommand(console, installation));
        commands.put("deploy", () -> new DeployCommand(console));
        commands.put("invoke", () -> new InvokeCommand(console));
        commands.put("services", () -> new ServicesCommand(console));
        commands.put("nodes", () -> new NodesCommand(console));
        commands.put("logs", () -> new LogsCommand(console));
        commands.put("top", () -> new TopCommand(console));
        commands.put("usage", () -> new UsageCommand(console));
        commands.put(
                "billing",
                () -> new CommandLine(new BillingCommand(console))
                        .addSubcommand(new InvoicesCommand(console))
                        .addSubcommand(new BudgetsCommand(console)));
        commands.put("explain", () -> new ExplainCommand(console));
        commands.put("replay", () -> new ReplayCommand(console, installation));
        commands.put("bench", () -> new BenchCommand(installation));
        commands.put("test", TestCommand::new);
        commands.put("version", () -> new VersionCommand(console));
        commands.put("completion", () -> new CompletionCommand(console));
        return commands;
    }

    /** Help everywhere, and the exit codes at the top. */
    private static void configure(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.mixinStandardHelpOptions(false);
        // Benchmarks have help of their own, which must not be taken for this one.
        if (!(spec.userObject() instanceof BenchCommand)) {
            spec.addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help.")
                    .build());
        }
        if (spec.parent() == null) {
            spec.usageMessage()
                    .exitCodeList(
                            CommandLine.Model.UsageMessageSpec.keyValuesMap(ExitCode.HELP.toArray(String[]::new)));
        }
        command.getSubcommands().values().stream().distinct().forEach(WispCommand::configure);
    }
}
