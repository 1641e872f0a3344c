package dev.wisp.cli.platform;

import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where this Wisp is installed: the folder the launcher stands in, with what the build left there. */
public record Installation(Path root) {

    /** As the launcher tells. */
    public static Installation ofProcess() {
        return new Installation(
                Path.of(System.getProperty("wisp.root", ".")).toAbsolutePath().normalize());
    }

    Path launcher() {
        return root.resolve("wisp");
    }

    Path platformFolder() {
        return root.resolve("deploy/standalone/target/quarkus-app");
    }

    /** What starts the platform; fails when it was not built. */
    Path platformJar() {
        Path jar = platformFolder().resolve("quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw CliException.of(ExitCode.FAILED, "the platform is not built")
                    .because("missing: " + jar)
                    .hint("%s up, which builds it".formatted(launcher()));
        }
        return jar;
    }

    Path platformCache() {
        return root.resolve("deploy/standalone/target/wisp.aot");
    }

    Path sample() {
        return root.resolve("deploy/samples/target/hello-oci.tar");
    }

    /** The sample's program, which needs no image to run. */
    Path sampleProgram() {
        return root.resolve("deploy/samples/target/hello/hello");
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin/java");
    }
}
