package dev.wisp.cli.option;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the platform on this machine keeps its data. */
public final class HomeOption {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "/var/lib/wisp",
            description = "Folder of the platform's data, logs and pid (default: ${DEFAULT-VALUE}).")
    Path home = Path.of("/var/lib/wisp");

    public Path folder() {
        return home.toAbsolutePath().normalize();
    }
}
