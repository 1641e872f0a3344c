package dev.wisp.bench.process;

import dev.wisp.bench.report.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A shell that lives as long as a benchmark and starts one program after the other: nothing of its own start is in a measurement, and
 * its mounts are its own. Owned by one thread.
 */
public final class LauncherShell implements AutoCloseable {

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private LauncherShell(Process process) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Its mounts are private, and each of {@code preparations} was run in it. */
    public static LauncherShell open(List<String> preparations) {
        try {
            LauncherShell shell =
                    new LauncherShell(new ProcessBuilder("unshare", "-m", "--propagation", "private", "sh")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
            for (String preparation : preparations) {
                shell.start(preparation);
                shell.await();
            }
            return shell;
        } catch (IOException e) {
            throw new BenchException("cannot start a shell with unshare: " + e.getMessage(), e);
        }
    }

    /** Starts a command in the foreground of the shell and returns at once. */
    public void start(String command) {
        try {
            commands.write(command + "\necho done $?\n");
            commands.flush();
        } catch (IOException e) {
            throw new BenchException("the shell that starts programs ended", e);
        }
    }

    /** Waits for the end of what was started; returns its exit code. */
    public int await() {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith("done ")) {
                    return Integer.parseInt(line.substring("done ".length()));
                }
            }
        } catch (IOException e) {
            throw new BenchException("the shell that starts programs ended", e);
        }
        throw new BenchException("the shell that starts programs ended");
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            process.destroy();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroy();
    }
}
