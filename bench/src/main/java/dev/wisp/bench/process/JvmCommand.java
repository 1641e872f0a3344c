package dev.wisp.bench.process;

import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Diagnostic commands of another JVM of the same user, by the JDK's own program. */
final class JvmCommand {

    private JvmCommand() {}

    /** What it prints. */
    static String run(long pid, String... command) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            List<String> words = new ArrayList<>(List.of(jcmd.toString(), Long.toString(pid)));
            words.addAll(List.of(command));
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new BenchException("%s failed: %s".formatted(String.join(" ", words), output.strip()));
            }
            return output;
        } catch (IOException e) {
            throw new BenchException("cannot run %s: %s".formatted(jcmd, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
