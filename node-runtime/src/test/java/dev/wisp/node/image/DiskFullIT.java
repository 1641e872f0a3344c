package dev.wisp.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.revision.ImageRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a disk of two megabytes. */
class DiskFullIT {

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount(@TempDir Path temporary) throws Exception {
        disk = Files.createDirectory(temporary.resolve("disk"));
        mounted = UnpackFixture.isRoot() && run("mount", "-t", "tmpfs", "-o", "size=2m", "none", disk.toString());
        assumeTrue(mounted, "mounting a small disk needs root");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private long entries(String part) throws IOException {
        try (Stream<Path> entries = Files.list(disk.resolve("store").resolve(part))) {
            return entries.count();
        }
    }

    @Test
    void saysSoAndKeepsWhatWasThere() throws IOException {
        try (MemoryRegistry registry = new MemoryRegistry();
                DiskImageStore store =
                        new DiskImageStore(new ImageStoreConfig(disk.resolve("store"), UnpackFixture.SMALL, 2, 0))) {
            ImageRef small =
                    registry.push("small", new LayerTar().file("f", "x").gzip());
            // Compressed it fits, unpacked it does not.
            ImageRef large = registry.push(
                    "large",
                    new LayerTar().file("g", new byte[8 << 20], entry -> {}).gzip());
            UnpackedImage kept = store.prepare(small);

            assertThatThrownBy(() -> store.prepare(large)).hasMessageContainingAll("E1502", "image 'large'", "full");

            assertThat(entries("layers")).isEqualTo(1);
            assertThat(entries("index")).isEqualTo(1);
            assertThat(entries("tmp")).isZero();
            assertThat(store.prepare(small).layers()).isEqualTo(kept.layers());
        }
    }
}
