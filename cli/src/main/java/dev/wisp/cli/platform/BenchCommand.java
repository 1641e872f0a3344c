package dev.wisp.cli.platform;

import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.ApiOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** {@code wisp bench}. */
@Command(
        name = "bench",
        description = "Measure the platform on this machine beside other tools, in the same run. Needs root.",
        footer = {
            "",
            "Examples:",
            "  wisp bench cold                  a call that starts an instance; beside crun and bubblewrap",
            "  wisp bench warm                  requests per second; beside nginx as a proxy",
            "  wisp bench ledger                20,000 calls with three kill -9 in between, and the ledger after",
            "  wisp bench cold --json cold.json"
        })
public final class BenchCommand implements Callable<Integer> {

    private final Installation installation;

    @Parameters(paramLabel = "WHAT", description = "cold, warm or ledger.")
    String what = "";

    @Unmatched
    List<String> more = new ArrayList<>();

    @Mixin
    ApiOption api = new ApiOption();

    public BenchCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path jar = installation.root().resolve("bench/target/wisp-bench.jar");
        if (!Files.isRegularFile(jar)) {
            throw CliException.of(ExitCode.FAILED, "the benchmarks are not built")
                    .because("missing: " + jar);
        }
        List<String> command = new ArrayList<>(List.of(Installation.java().toString(), "-Xmx1g", "-XX:+UseParallelGC"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dwisp.root=" + installation.root());
        command.addAll(
                List.of("-jar", jar.toString(), what, "--api", api.endpoint().toString()));
        command.addAll(more);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
