package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code wisp bench sandbox}. Exit codes: 0 done, 1 a check failed or the benchmark could not run, 2 wrong usage. */
@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        description = {
            "Sandboxes alone, without a platform: launch to first response, in turn with crun, runc, bubblewrap and the bare program.",
            "Needs root."
        })
public final class Main implements Callable<Integer> {

    private static final int N_MAX = 100_000;

    @Option(names = "--n", paramLabel = "N", defaultValue = "500", description = "Starts (default: ${DEFAULT-VALUE}).")
    int n;

    @Option(names = "--no-peers", description = "Only Wisp's own sandbox and the bare program.")
    boolean alone;

    @Option(
            names = "--root",
            hidden = true,
            defaultValue = "${sys:wisp.root:-.}",
            description = "Where Wisp is installed.")
    Path root = Path.of(".");

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results there, as JSON.")
    @Nullable
    Path json;

    @Spec
    @Nullable
    CommandSpec spec;

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
    public Integer call() {
        bounded("--n", n, N_MAX);
        Path installed = root.toAbsolutePath().normalize();
        Report report = new StartBench(installed, alone).run(n, System.out);
        publish(report);
        return 0;
    }

    private void bounded(String option, int value, int max) {
        if ((value < 1 || value > max) && spec != null) {
            throw new ParameterException(spec.commandLine(), "%s: %d, must be 1..%d".formatted(option, value, max));
        }
    }

    private void publish(Report report) {
        report.print(System.out);
        if (json != null) {
            report.write(json);
            System.out.println("  written to " + json);
        }
    }
}
