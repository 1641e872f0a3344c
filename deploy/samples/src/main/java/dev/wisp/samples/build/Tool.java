package dev.wisp.samples.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of the host and takes what it printed. */
final class Tool {

    /** What a program printed (both streams) and its exit code. */
    record Result(int exitCode, String output) {}

    private Tool() {}

    /** Throws {@link IOException} when there is no such program. */
    static Result run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(BuildSamples.TOOL_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("%s did not end within %s".formatted(command, BuildSamples.TOOL_TIMEOUT));
        }
        return new Result(process.exitValue(), output);
    }
}
