package dev.wisp.samples.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Entry point of the samples' build; what is newer than its sources is left alone. */
public final class BuildSamples {

    /** Longest time one tool of the build may take. */
    static final Duration TOOL_TIMEOUT = Duration.ofMinutes(2);

    private BuildSamples() {}

    /** Takes one argument: the folder of this module. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path module = Path.of(arguments[0]).toAbsolutePath();
        report("hello-oci.tar", buildHello(module));
        report("hello-java-oci.tar", buildHelloJava(module));
    }

    private static boolean buildHello(Path module) throws IOException, InterruptedException {
        Path source = module.resolve("src/main/c/hello.c");
        Path binary = module.resolve("target/hello/hello");
        Path archive = module.resolve("target/hello-oci.tar");
        if (UpToDate.check(List.of(binary, archive), List.of(source, ownClasses(module)))) {
            return false;
        }
        Files.createDirectories(binary.getParent());
        CCompiler.compileStatic(source, binary);
        new SampleImage("hello", List.of("/hello")).withFile(binary, "/hello").write(archive);
        return true;
    }

    private static boolean buildHelloJava(Path module) throws IOException {
        Path sources = module.resolve("src/main/java/dev/wisp/samples/hellojava");
        Path archive = module.resolve("target/hello-java-oci.tar");
        if (UpToDate.check(List.of(archive), List.of(sources, ownClasses(module), javaRelease()))) {
            return false;
        }
        Path runtime = module.resolve("target/hello-java/jre");
        JavaRuntime.link(runtime, List.of("java.base", "jdk.httpserver"));
        SampleImage image = new SampleImage(
                        "hello-java",
                        List.of(
                                "/opt/jre/bin/java",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-UsePerfData",
                                "-cp",
                                "/app",
                                "dev.wisp.samples.hellojava.HelloJava"))
                .withFolder(runtime, "/opt/jre")
                .withFolder(
                        module.resolve("target/classes/dev/wisp/samples/hellojava"), "/app/dev/wisp/samples/hellojava");
        for (Path library : SharedLibraries.neededBelow(runtime)) {
            image.withFile(library.toRealPath(), library.toString());
        }
        image.write(archive);
        return true;
    }

    /** How a sample is built belongs to its sources: a change of these classes builds it anew. */
    private static Path ownClasses(Path module) {
        return module.resolve("src/main/java/dev/wisp/samples/build");
    }

    private static Path javaRelease() {
        return Path.of(System.getProperty("java.home"), "release");
    }

    private static void report(String what, boolean built) {
        System.out.println("[INFO] " + what + (built ? ": built" : ": up to date"));
    }
}
