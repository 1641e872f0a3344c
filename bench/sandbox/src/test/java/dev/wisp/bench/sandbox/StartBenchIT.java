package dev.wisp.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Series;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StartBenchIT {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @Test
    void measuresItsOwnSandboxBesideTheBareProgramAndPrintsTheSteps() {
        assumeTrue(Programs.isRoot(), "sandboxes need root");
        assumeTrue(Files.isExecutable(ROOT.resolve("deploy/samples/target/hello/hello")), "needs the sample program");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        Report report = new StartBench(ROOT, true, 2, 3, 3).run(5, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(report.series()).extracting(Series::name).containsExactly("wisp", "bare process, same clone");
        assertThat(report.series()).allMatch(series -> series.n() == 5 && series.p50Micros() > 0);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("# install rest of the filter", "phases of the runtime");
        assertThat(Path.of(
                        "/sys/fs/cgroup/memory",
                        SandboxHost.prefix(ProcessHandle.current().pid())))
                .doesNotExist();
    }
}
