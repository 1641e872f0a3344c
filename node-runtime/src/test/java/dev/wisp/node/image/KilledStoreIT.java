package dev.wisp.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.revision.ImageRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it pulls leaves whole layers or none. */
class KilledStoreIT {

    private static final int ROUNDS = 6;
    private static final int IMAGES = 40;
    private static final int FILES = 100;

    /** What the killed process runs: {@code folder reference...}. */
    public static final class Puller {

        private Puller() {}

        public static void main(String[] arguments) {
            DiskImageStore store = new DiskImageStore(config(Path.of(arguments[0])));
            System.out.println("open");
            for (int i = 1; i + 2 < arguments.length; i += 3) {
                store.prepare(new ImageRef(arguments[i], arguments[i + 1], arguments[i + 2], true));
            }
        }
    }

    private static ImageStoreConfig config(Path folder) {
        return new ImageStoreConfig(folder, UnpackFixture.SMALL, 2, 0);
    }

    private static byte[] layer(int number) {
        LayerTar layer = new LayerTar();
        for (int file = 0; file < FILES; file++) {
            layer.file("folder/" + file, "layer %d file %d".formatted(number, file));
        }
        return layer.gzip();
    }

    @Test
    void leavesWholeLayersOrNone(@TempDir(factory = MemoryFolder.class) Path temporary) throws Exception {
        assumeTrue(UnpackFixture.isRoot(), "layers have owners, which only root can set");
        Path folder = temporary.resolve("store");
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(11);
        try (MemoryRegistry registry = new MemoryRegistry()) {
            List<ImageRef> images = new ArrayList<>();
            for (int i = 0; i < IMAGES; i++) {
                images.add(registry.push("image" + i, layer(i)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                killWhilePulling(folder, images, random.nextInt(150));
            }
            try (DiskImageStore store = new DiskImageStore(config(folder))) {
                for (int i = 0; i < IMAGES; i++) {
                    requireWhole(store.prepare(images.get(i)), i);
                }
            }
        }
    }

    private static void killWhilePulling(Path folder, List<ImageRef> images, int millis) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Puller.class.getName(),
                folder.toString()));
        images.forEach(image -> command.addAll(List.of(image.reference(), image.repository(), image.digest())));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("open");
            // Killed at a moment of its own, whatever it does then: waiting for its end that long is the timer.
            process.onExit()
                    .completeOnTimeout(process, 300 + millis, java.util.concurrent.TimeUnit.MILLISECONDS)
                    .join();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void requireWhole(UnpackedImage image, int number) throws IOException {
        SortedMap<String, String> tree = UnpackFixture.tree(image.layers().getFirst());
        assertThat(tree).hasSize(FILES + 2);
        for (int file = 0; file < FILES; file++) {
            assertThat(tree.get("folder/" + file)).isEqualTo("0:0 644 'layer %d file %d'".formatted(number, file));
        }
    }
}
