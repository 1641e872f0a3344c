package dev.wisp.bench.cluster;

import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Mounts that nobody else on the host sees, and that are gone with the last process that does. */
public final class PrivateMounts {

    private static final String MARK = "WISP_BENCH_PRIVATE_MOUNTS";

    private PrivateMounts() {}

    /** Whether this process has them. */
    public static boolean here() {
        return System.getenv(MARK) != null;
    }

    /** Runs this process's own command line again with mounts of its own, and returns its exit code. */
    public static int runAgain() throws InterruptedException {
        ProcessHandle.Info self = ProcessHandle.current().info();
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "--"));
        command.add(self.command().orElseThrow());
        command.addAll(Arrays.asList(self.arguments().orElseThrow()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().put(MARK, "1");
            return builder.start().waitFor();
        } catch (IOException e) {
            throw new BenchException("cannot run unshare: " + e.getMessage(), e);
        }
    }
}
