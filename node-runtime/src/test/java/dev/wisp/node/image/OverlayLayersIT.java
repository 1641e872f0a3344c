package dev.wisp.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel makes of unpacked layers when it mounts them in a user namespace, as sandboxes do. */
class OverlayLayersIT {

    @Test
    void lowerLayersAreHiddenAsTheUpperOnesSay(@TempDir Path temporary) throws Exception {
        assumeTrue(UnpackFixture.isRoot(), "layers have owners, which only root can set");
        unpack(
                temporary.resolve("0"),
                new LayerTar()
                        .file("kept", "0")
                        .file("gone", "0")
                        .file("changed", "0")
                        .file("opaque/old", "0")
                        .file("replaced/old", "0")
                        .file("merged/old", "0"));
        unpack(
                temporary.resolve("1"),
                new LayerTar()
                        .file(".wh.gone", "")
                        .file("changed", "1")
                        .folder("opaque/")
                        .file("opaque/.wh..wh..opq", "")
                        .file("opaque/new", "1")
                        .file(".wh.replaced", "")
                        .file("replaced/new", "1")
                        .file("merged/new", "1"));
        Files.createDirectories(temporary.resolve("memory"));
        Files.createDirectories(temporary.resolve("root"));

        List<String> seen = mounted(temporary);

        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "./kept", "./changed", "./opaque/new", "./replaced/new", "./merged/old", "./merged/new", "1");
    }

    private static void unpack(Path into, LayerTar layer) throws IOException {
        Path archive = into.resolveSibling(into.getFileName() + ".tar");
        Files.write(archive, layer.gzip());
        Files.createDirectory(into);
        new LayerUnpacker(new dev.wisp.node.linux.FileCalls())
                .unpack(archive, into, new UnpackBudget(UnpackFixture.SMALL, System::nanoTime));
    }

    /** Mounts and lists in namespaces of their own, which end with the command. */
    private static List<String> mounted(Path folder) throws IOException, InterruptedException {
        String script = """
                mount -t tmpfs none memory && mkdir memory/u memory/w &&
                mount -t overlay -o lowerdir=1:0,upperdir=memory/u,workdir=memory/w,userxattr none root &&
                cd root && find . -type f && cat changed""";
        Process process = new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(!output.contains("Operation not permitted"), "user namespaces are not allowed here: " + output);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output.lines().toList();
    }
}
