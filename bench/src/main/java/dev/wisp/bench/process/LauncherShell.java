package dev.wisp.bench.process;

import dev.wisp.bench.report.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A shell that lives as long as a benchmark and starts one program after the other: nothing of its own start is in a measurement, and
 * its mounts are its own. Owned by one thread.
 */
public final class LauncherShell implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DONE = "done ";
    private static final int GONE = -1;

    private final Process process;
    private final Writer commands;
    private final BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();

    private LauncherShell(Process process) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().name("wisp-bench-shell").start(this::read);
    }

    /** Exit codes as they come, and {@link #GONE} when no more will. */
    private void read() {
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(DONE)) {
                    codes.add(Integer.parseInt(line.substring(DONE.length())));
                }
            }
        } catch (IOException e) {
            // It is gone either way.
            return;
        } finally {
            codes.add(GONE);
        }
    }

    /** Its mounts are private, and each of {@code preparations} was run in it. */
    public static LauncherShell open(List<String> preparations) {
        return open(List.of("unshare", "-m", "--propagation", "private", "sh"), preparations);
    }

    /** One that also has a network of its own, with a loopback that is up. */
    public static LauncherShell openWithNetwork() {
        return open(List.of("unshare", "-m", "-n", "--propagation", "private", "sh"), List.of("ip link set lo up"));
    }

    private static LauncherShell open(List<String> command, List<String> preparations) {
        try {
            LauncherShell shell = new LauncherShell(new ProcessBuilder(command)
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

    /** Waits for the end of what was started, at most a minute; returns its exit code. */
    public int await() {
        @Nullable Integer code;
        try {
            code = codes.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
        if (code == null) {
            throw new BenchException("a program that was started does not end within %s".formatted(PATIENCE));
        }
        if (code == GONE) {
            throw new BenchException("the shell that starts programs ended");
        }
        return code;
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
