package dev.wisp.bench;

import dev.wisp.bench.billing.BillingCommand;
import dev.wisp.bench.chaos.ChaosCommand;
import dev.wisp.bench.cold.ColdCommand;
import dev.wisp.bench.ledger.LedgerCommand;
import dev.wisp.bench.load.LoadCommand;
import dev.wisp.bench.placement.PlacementCommand;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.warm.WarmCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** What {@code wisp bench} runs. Exit codes: 0 done, 1 a check failed or the benchmark could not run, 2 wrong usage. */
@Command(
        name = "bench",
        description = "Measure a running platform beside other tools, in the same run. Needs root.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        subcommands = {
            ColdCommand.class,
            WarmCommand.class,
            LedgerCommand.class,
            BillingCommand.class,
            ChaosCommand.class,
            PlacementCommand.class,
            LoadCommand.class
        })
public final class Main implements Runnable {

    private Main() {}

    public static void main(String[] args) {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (!(failure instanceof BenchException)) {
                throw failure;
            }
            System.err.println("error: " + failure.getMessage());
            return 1;
        });
        System.exit(commandLine.execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
