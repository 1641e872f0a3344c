package dev.wisp.bench.platform;

import dev.wisp.bench.report.Report;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every benchmark. */
public final class PlatformOptions {

    @Option(
            names = "--api",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8081",
            description = "The platform's API (default: ${DEFAULT-VALUE}).")
    URI api = URI.create("http://127.0.0.1:8081");

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where services are called (default: ${DEFAULT-VALUE}).")
    URI gateway = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:WISP_HOME:-/var/lib/wisp}",
            description = "The platform's home, which names its process (default: ${DEFAULT-VALUE}).")
    Path home = Path.of("/var/lib/wisp");

    @Option(
            names = "--root",
            hidden = true,
            defaultValue = "${sys:wisp.root:-.}",
            description = "Where Wisp is installed.")
    Path root = Path.of(".");

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results there, as JSON.")
    @Nullable
    Path json;

    public Platform platform() {
        return new Platform(api, gateway, home.toAbsolutePath().normalize());
    }

    /** Where Wisp is installed. */
    public Path root() {
        return root.toAbsolutePath().normalize();
    }

    /** The sample image, an OCI archive. */
    public Path sampleImage() {
        return root().resolve("deploy/samples/target/hello-oci.tar");
    }

    /** The program in that image: a server linked statically. */
    public Path sampleProgram() {
        return root().resolve("deploy/samples/target/hello/hello");
    }

    /** Prints the results, and writes them where the user wants them. */
    public void publish(Report report, PrintStream out) {
        report.print(out);
        if (json != null) {
            report.write(json);
            out.println("  written to " + json);
        }
    }
}
