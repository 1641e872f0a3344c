package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes and gateways on hosts of their own: spread, killed, cut off, back again, drained. The hosts are network namespaces; {@link SeveralHosts} is what happens between them. */
class SeveralHostsIT {

    private static final int STEPS = 8;
    private static final int PATIENCE_SECONDS = 240;

    @TempDir
    Path folder;

    @Test
    void callsAreAnsweredWhateverHappensToOneOfTwoNodes() throws Exception {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        // JUnit makes its folders private; sandboxes must be able to pass through.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Path output = folder.resolve("output");
        Process scenario = new ProcessBuilder(
                        "setpriv",
                        "--pdeathsig",
                        "KILL",
                        "unshare",
                        "--net",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Djdk.httpclient.allowRestrictedHeaders=host",
                        SeveralHosts.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        boolean ended = scenario.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);

        scenario.destroyForcibly().waitFor();
        String said = Files.readString(output);
        said.lines().filter(line -> line.startsWith("holds: ")).forEach(System.out::println);
        assertThat(ended).as("ended in time\n%s", said).isTrue();
        assertThat(scenario.exitValue()).as(said).isZero();
        assertThat(said.lines().filter(line -> line.startsWith("holds: ")))
                .as(said)
                .hasSize(STEPS);
    }
}
