package dev.wisp.cli.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The JVM that runs the platform.
 *
 * @param arguments beginning with the program
 * @param environment what it gets beyond this process's own
 */
record PlatformCommandLine(List<String> arguments, Map<String, String> environment) {

    PlatformCommandLine {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    static PlatformCommandLine of(Installation installation, Home home, StartSettings settings) {
        List<String> command = new ArrayList<>();
        command.add(Installation.java().toString());
        Path cache = installation.platformCache();
        if (Files.isRegularFile(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.add("-Xlog:disable");
        command.add("-Xlog:all=error:stderr");
        command.add("-XX:+UseSerialGC");
        command.add("-Xmx" + settings.heap);
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        command.addAll(settings.properties(home));
        command.add("-jar");
        command.add(installation.platformJar().toString());
        return new PlatformCommandLine(command, settings.environment());
    }

    /** Ready to start after the prefix, such as {@code setsid}. */
    ProcessBuilder process(String... prefix) {
        List<String> words = new ArrayList<>(List.of(prefix));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        return builder;
    }
}
