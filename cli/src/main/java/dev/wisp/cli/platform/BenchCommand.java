package dev.wisp.cli.platform;

import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code wisp bench}. */
@Command(
        name = "bench",
        description = "Measure the platform on this machine beside other tools, in the same run. Needs root.",
        footer = {
            "",
            "Examples:",
            "  wisp bench cold                  a call that starts an instance; beside crun and bubblewrap",
            "  wisp bench sandbox               sandboxes without a platform; beside crun, runc and bubblewrap",
            "  wisp bench warm                  requests per second; beside nginx as a proxy",
            "  wisp bench ledger                20,000 calls with three kill -9 in between, and the ledger after",
            "  wisp bench chaos                 calls while broker, database and control plane are killed",
            "  wisp bench billing               records a second into the ledger beside COPY, and 10 million of them",
            "  wisp bench load                  from no call to 200 at once, a sine, spikes, crashes; and how soon it settles",
            "  wisp bench placement             placements a second over 1,000 nodes; needs no platform",
            "  wisp bench cold --json cold.json"
        })
public final class BenchCommand implements Callable<Integer> {

    private final Installation installation;

    @Parameters(
            arity = "0..1",
            paramLabel = "WHAT",
            description = "cold, sandbox, warm, ledger, chaos, billing, load or placement; each has --help.")
    String what = "";

    @Unmatched
    List<String> more = new ArrayList<>();

    @Spec
    @Nullable
    CommandSpec spec;

    public BenchCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (what.isEmpty()) {
            showHelp();
            return more.isEmpty() ? ExitCode.USAGE : ExitCode.OK;
        }
        boolean alone = what.equals("sandbox");
        Path jar = installation
                .root()
                .resolve(alone ? "bench/sandbox/target/wisp-bench-sandbox.jar" : "bench/target/wisp-bench.jar");
        if (!Files.isRegularFile(jar)) {
            throw CliException.of(ExitCode.FAILED, "the benchmarks are not built")
                    .because("missing: " + jar);
        }
        List<String> command = new ArrayList<>(List.of(
                Installation.java().toString(),
                "-Xmx1g",
                // The sandbox runs in this process, which then should be as the platform's.
                alone ? "-XX:+UseSerialGC" : "-XX:+UseParallelGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dwisp.root=" + installation.root(),
                "-jar",
                jar.toString()));
        if (!alone) {
            command.add(what);
        }
        command.addAll(more);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private void showHelp() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
