package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A part of a benchmark in a Java process of its own, which is told what to do line by line. It is killed when this is closed. Owned by one thread. */
final class JavaChild implements AutoCloseable {

    private static final Duration END_PATIENCE = Duration.ofSeconds(20);

    private final String name;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private JavaChild(String name, Process process) {
        this.name = name;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param options of the JVM beside what sandboxes need */
    static JavaChild start(Class<?> main, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        try {
            return new JavaChild(
                    main.getSimpleName(),
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
        } catch (IOException e) {
            throw new BenchException("cannot start a process: " + e.getMessage(), e);
        }
    }

    long pid() {
        return process.pid();
    }

    void tell(String line) {
        try {
            commands.write(line + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new BenchException("%s ended".formatted(name), e);
        }
    }

    /** The next line it says. */
    String awaitLine(Duration patience) {
        try {
            String line = CompletableFuture.supplyAsync(this::readLine, Thread::startVirtualThread)
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw new BenchException("%s ended".formatted(name));
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        } catch (TimeoutException | ExecutionException e) {
            throw new BenchException("%s said nothing within %s".formatted(name, patience), e);
        }
    }

    private @Nullable String readLine() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it, whatever it does. */
    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd(END_PATIENCE);
    }

    /** Waits until it has ended by itself. */
    void awaitEnd(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BenchException("%s does not end within %s".formatted(name, patience));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
