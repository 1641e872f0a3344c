package dev.wisp.node.escape;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the host that tests run. */
final class Commands {

    private static final long PATIENCE_SECONDS = 120;

    private Commands() {}

    /** What it prints; an exit code other than 0 is an error. */
    static String run(List<String> command) {
        try {
            Path errors = Files.createTempFile("wisp-command", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
                builder.environment().remove("PORT");
                Process process = builder.start();
                process.getOutputStream().close();
                String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    process.destroyForcibly();
                    throw new IllegalStateException("%s: %s%s".formatted(command, text, Files.readString(errors)));
                }
                return text;
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static boolean works(String... command) {
        try {
            run(List.of(command));
            return true;
        } catch (IllegalStateException | UncheckedIOException e) {
            return false;
        }
    }
}
