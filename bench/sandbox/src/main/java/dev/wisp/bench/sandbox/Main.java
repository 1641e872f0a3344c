package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wisp bench sandbox}. Exit codes: 0 done, 1 a check failed or the benchmark could not run, 2 wrong usage. */
@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        description = {
            "Sandboxes alone, without a platform: launch to first response, in turn with crun, runc, bubblewrap and"
                    + " the bare program.",
            "Needs root."
        })
public final class Main implements Callable<Integer> {

    private static final int N_MAX = 100_000;
    private static final int LIVE_MAX = 16_000;
    private static final int SECONDS_MAX = 3_600;
    private static final int BURST = 64;
    private static final int RUNTIMES = 50;

    /** What is measured. */
    enum What {
        starts,
        churn,
        burst,
        live,
        freeze,
        neighbours,
        egress,
        programs,
        kills
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "WHAT",
            defaultValue = "starts",
            description = {
                "starts: one after the other, beside peers (default);",
                "churn: create to destroy without a pause, beside crun;",
                "burst: 64 at once;",
                "live: N alive at once, do they answer, what do they take;",
                "freeze: from thawing to the answer;",
                "neighbours: how a sandbox answers while stress-ng runs in another;",
                "egress: a way out, made ahead or not, beside none;",
                "programs: busybox, nginx, python, node, a JVM, redis and postgres, from Debian's packages;",
                "kills: N cycles with kills at random moments, and 50 kill -9 of the runtime."
            })
    What what = What.starts;

    @Option(
            names = "--n",
            paramLabel = "N",
            description =
                    "Starts, or sandboxes (default: 500; live 2000; programs 20; kills 10000), or calls per round of"
                            + " neighbours (2000).")
    int n;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "60",
            description = "Length of churn (default: ${DEFAULT-VALUE}); crun gets half of it beside.")
    int seconds;

    @Option(names = "--seed", paramLabel = "SEED", description = "Repeats the kills of another run.")
    @Nullable
    Long seed;

    @Option(names = "--program", paramLabel = "NAME", description = "Of programs, only this; repeat it for more.")
    List<String> programs = new ArrayList<>();

    @Option(
            names = "--noise",
            paramLabel = "KIND",
            description = "Of neighbours, only this: ${COMPLETION-CANDIDATES}; repeat it for more.")
    List<Noise> noises = new ArrayList<>();

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
        CommandLine commandLine = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
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
        int count = n == 0 ? defaultN() : n;
        bounded("--n", count, what == What.live ? LIVE_MAX : N_MAX);
        bounded("--seconds", seconds, SECONDS_MAX);
        Path installed = root.toAbsolutePath().normalize();
        Report report = switch (what) {
            case starts -> new StartBench(installed, alone).run(count, System.out);
            case churn -> new ChurnBench(installed, alone).run(Duration.ofSeconds(seconds));
            case burst -> new BurstBench(installed, BURST).run(Math.ceilDiv(count, BURST));
            case live -> new LiveBench(installed).run(count, System.out);
            case freeze -> new FreezeBench(installed).run(count);
            case neighbours -> new NeighbourBench(installed, noises).run(count, System.out);
            case egress -> new EgressBench(installed).run(count);
            case programs -> new ProgramsBench(installed, programs).run(count, System.out);
            case kills -> null;
        };
        if (report == null) {
            return kills(installed, count);
        }
        publish(report);
        return 0;
    }

    private int kills(Path installed, int count) {
        long chosen = seed == null ? System.nanoTime() : seed;
        KillBench.Outcome outcome = new KillBench(installed, chosen, System.out).run(count, RUNTIMES);
        publish(outcome.report());
        return outcome.isClean() ? 0 : 1;
    }

    private int defaultN() {
        return switch (what) {
            case live, neighbours -> 2_000;
            case programs -> 20;
            case kills -> 10_000;
            default -> 500;
        };
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
