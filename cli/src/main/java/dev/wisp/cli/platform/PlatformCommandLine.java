package dev.wisp.cli.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVM command that runs the platform. */
final class PlatformCommandLine {

    private PlatformCommandLine() {}

    static List<String> of(Installation installation, Home home, StartSettings settings) {
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
        return command;
    }
}
