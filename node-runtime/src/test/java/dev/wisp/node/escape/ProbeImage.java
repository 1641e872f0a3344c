package dev.wisp.node.escape;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/** A layer with the probe programs, device nodes and programs that would give rights. */
final class ProbeImage {

    /** The programs, each a list of probes. */
    static final List<String> PROGRAMS = List.of("files", "calls", "processes", "reach", "packets");

    /** Names a folder of programs that were built before, for a machine without a compiler. */
    private static final String PROGRAMS_PROPERTY = "wisp.test.programs";

    final Path layer;

    private final Path sources;

    private ProbeImage(Path folder) throws IOException {
        this.layer = Files.createDirectories(folder.resolve("layers/probes"));
        this.sources = Files.createDirectories(folder.resolve("sources"));
    }

    /** Skips the test with the reason when there is no compiler. */
    static ProbeImage build(Path folder) throws IOException {
        ProbeImage image = new ProbeImage(folder);
        // A plain user must be able to reach the programs, or the control proves nothing.
        Commands.run(List.of("chmod", "755", folder.toString()));
        image.copy("escape.h");
        for (String program : PROGRAMS) {
            image.compile(program, image.layer.resolve(program));
        }
        image.compile("mounts", image.layer.resolve("mounts"));
        image.gains();
        image.nodes();
        return image;
    }

    private void copy(String name) throws IOException {
        try (InputStream in = ProbeImage.class.getResourceAsStream(name)) {
            Files.write(sources.resolve(name), Objects.requireNonNull(in, name).readAllBytes());
        }
    }

    /** Built, or taken from where it was built before. */
    Path compile(String program, Path target) throws IOException {
        String built = System.getProperty(PROGRAMS_PROPERTY);
        if (built != null) {
            return Files.copy(Path.of(built, program), target, StandardCopyOption.COPY_ATTRIBUTES);
        }
        String source = program + ".c";
        copy(source);
        String path = sources.resolve(source).toString();
        assumeTrue(
                compiles("musl-gcc", path, target) || compiles("gcc", path, target),
                "no C compiler that links statically: apt install gcc musl-tools");
        return target;
    }

    private static boolean compiles(String compiler, String source, Path target) {
        return Commands.works(compiler, "-static", "-O1", "-o", target.toString(), source);
    }

    private void gains() throws IOException {
        Path folder = Files.createDirectories(layer.resolve("gains"));
        Path first = compile("gains", folder.resolve("setuid"));
        for (String name : List.of("setgid", "filecaps")) {
            Files.copy(first, folder.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Commands.run(List.of("chmod", "4755", first.toString()));
        Commands.run(List.of("chmod", "2755", folder.resolve("setgid").toString()));
        Commands.works("setcap", "cap_sys_admin+ep", folder.resolve("filecaps").toString());
    }

    /** The image store drops nodes; here one got through, so that the mount's {@code nodev} is what is tested. */
    private void nodes() throws IOException {
        Path folder = Files.createDirectories(layer.resolve("nodes"));
        node(folder.resolve("disk"), "b", "254", "0");
        node(folder.resolve("kmsg"), "c", "1", "11");
        node(folder.resolve("fuse"), "c", "10", "229");
        node(folder.resolve("kvm"), "c", "10", "232");
        node(folder.resolve("zero"), "c", "1", "5");
    }

    private static void node(Path path, String kind, String major, String minor) {
        Commands.works("mknod", "-m", "666", path.toString(), kind, major, minor);
    }
}
