package dev.wisp.cli.platform;

import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks the platform's own code something, in a process of its own: it needs no running platform. */
final class PlatformTool {

    private PlatformTool() {}

    /** What it printed; fails with {@code failure} when it did. */
    static String ask(Installation installation, String mainClass, String failure, List<String> question)
            throws IOException, InterruptedException {
        Path folder = installation.platformJar().resolveSibling("lib");
        String classPath = Stream.of(
                        installation.platformFolder().resolve("app"), folder.resolve("main"), folder.resolve("boot"))
                .map(path -> path + "/*")
                .collect(Collectors.joining(":"));
        List<String> command = new ArrayList<>(List.of(
                Installation.java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                mainClass));
        command.addAll(question);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw CliException.of(ExitCode.FAILED, failure)
                    .showing(text.lines().limit(10).toList());
        }
        return text;
    }
}
