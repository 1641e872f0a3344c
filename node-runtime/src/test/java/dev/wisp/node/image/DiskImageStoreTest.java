package dev.wisp.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.oci.MediaTypes;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ImageRef;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskImageStoreTest {

    private MemoryRegistry registry;
    private Path folder;
    private DiskImageStore store;

    @BeforeEach
    void open(@TempDir(factory = MemoryFolder.class) Path temporary) throws IOException {
        assumeTrue(UnpackFixture.isRoot(), "layers have owners, which only root can set");
        registry = new MemoryRegistry();
        folder = temporary.resolve("store");
        store = new DiskImageStore(config(0));
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
            registry.close();
        }
    }

    private ImageStoreConfig config(long reserve) {
        return new ImageStoreConfig(folder, UnpackFixture.SMALL, 2, reserve);
    }

    private void reopen() {
        store.close();
        store = new DiskImageStore(config(0));
    }

    private static byte[] layer(String name) {
        return new LayerTar().file(name, "content of " + name).gzip();
    }

    private long unpackedLayers() throws IOException {
        return count("layers");
    }

    private long count(String part) throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve(part))) {
            return entries.count();
        }
    }

    @Test
    void pullsByDigestAndUnpacksLayersInOrder() throws IOException {
        ImageRef image = registry.push("app/hello", layer("below"), layer("above"));

        UnpackedImage unpacked = store.prepare(image);

        assertThat(unpacked.digest()).isEqualTo(image.digest());
        assertThat(unpacked.layers())
                .hasSize(2)
                .allSatisfy(path -> assertThat(path).hasParent(folder.resolve("layers")));
        assertThat(Files.readString(unpacked.layers().get(0).resolve("below"))).isEqualTo("content of below");
        assertThat(Files.readString(unpacked.layers().get(1).resolve("above"))).isEqualTo("content of above");
        assertThat(unpacked.pullMicros()).isPositive();
        assertThat(count("tmp")).isZero();
    }

    @Test
    void findsWhatBelongsToNoImage() throws IOException {
        store.prepare(registry.push("app/hello", layer("below"), layer("above")));
        assertThat(store.strays()).isEmpty();

        Files.createDirectory(folder.resolve("layers/ff"));
        Files.createFile(folder.resolve("tmp/left"));

        assertThat(store.strays()).containsExactlyInAnyOrder("layers/ff", "tmp/left");
    }

    @Test
    void tellsHowLongAPullTookAndHowLargeTheImageWas() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ImageStore metered = new MeteredImageStore(store, meters);
        ImageRef image = registry.push("app/hello", layer("below"));

        UnpackedImage unpacked = metered.prepare(image);
        metered.prepare(image);
        assertThatThrownBy(() -> metered.prepare(new ImageRef(
                        image.repository(), "sha256:" + "0".repeat(64), image.reference(), image.insecure())))
                .isInstanceOf(ProblemException.class);

        assertThat(meters.get("wisp.image.pull").tag("result", "pulled").timer().count())
                .isOne();
        assertThat(meters.get("wisp.image.pull").tag("result", "failed").timer().count())
                .isOne();
        assertThat(meters.get("wisp.image").summary().totalAmount()).isEqualTo((double) unpacked.bytes());
    }

    @Test
    void answersFromDiskAfterARestartWithoutTheRegistry() {
        ImageRef image = registry.push("hello", layer("a"));
        UnpackedImage first = store.prepare(image);
        reopen();
        registry.requests.clear();

        UnpackedImage second = store.prepare(image);

        assertThat(second.layers()).isEqualTo(first.layers());
        assertThat(second.pullMicros() + second.unpackMicros()).isZero();
        assertThat(registry.requests).isEmpty();
    }

    @Test
    void unpacksALayerOnceForManyCallersAndImages() throws Exception {
        byte[] shared = layer("shared");
        List<ImageRef> images = List.of(
                registry.push("one", shared, layer("1")),
                registry.push("two", layer("2"), shared),
                registry.push("three", shared));

        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<UnpackedImage>> calls = Stream.generate(() -> images)
                    .limit(5)
                    .flatMap(List::stream)
                    .<Callable<UnpackedImage>>map(image -> () -> store.prepare(image))
                    .toList();
            for (Future<UnpackedImage> call : callers.invokeAll(calls)) {
                assertThat(call.get().layers()).isNotEmpty();
            }
        }

        assertThat(unpackedLayers()).isEqualTo(3);
        assertThat(registry.requests.stream()
                        .filter(path -> path.endsWith(Digest.of(shared).toString())))
                .hasSize(1);
    }

    @Test
    void mountsALayerThatComesTwiceOnceAndNothingBelowOneThatHidesAll() {
        byte[] twice = layer("twice");
        ImageRef image = registry.push(
                "hello",
                layer("hidden"),
                new LayerTar().file(".wh..wh..opq", "").gzip(),
                twice,
                layer("mid"),
                twice);

        UnpackedImage unpacked = store.prepare(image);

        assertThat(unpacked.layers()).hasSize(3).doesNotHaveDuplicates();
        assertThat(unpacked.layers().getLast()).isDirectoryContaining("glob:**twice");
    }

    @Test
    void removesWhatAKilledProcessLeft() throws IOException {
        ImageRef image = registry.push("hello", layer("a"));
        store.prepare(image);
        Path half = Files.createDirectories(folder.resolve("layers/ff/usr/bin"));
        Files.writeString(half.resolve("sh"), "half");
        Files.writeString(folder.resolve("tmp/download"), "half");
        Files.writeString(folder.resolve("index").resolve("e".repeat(64)), "torn");

        reopen();

        assertThat(unpackedLayers()).isEqualTo(1);
        assertThat(count("tmp")).isZero();
        assertThat(store.prepare(registry.push("other", layer("b"))).layers())
                .containsExactly(folder.resolve("layers/100"));
    }

    @Test
    void isForOneProcess() {
        assertThatThrownBy(() -> new DiskImageStore(config(0))).hasMessageContaining("in use");
    }

    @Test
    void refusesABlobWithOtherContentAndPullsItAgainLater() throws IOException {
        byte[] good = layer("a");
        ImageRef image = registry.push("hello", good);
        registry.serve("hello", Digest.of(good), layer("b"));

        assertThatThrownBy(() -> store.prepare(image))
                .isInstanceOf(ProblemException.class)
                .hasMessageContainingAll("E1104", "image 'hello'", "layer " + Digest.of(good), "digest");

        assertThat(unpackedLayers() + count("tmp") + count("index")).isZero();
        registry.serve("hello", Digest.of(good), good);
        assertThat(store.prepare(image).layers()).hasSize(1);
    }

    @Test
    void refusesABlobOfAnotherSize() {
        byte[] layer = layer("a");
        Digest digest = registry.blob("hello", layer);
        Digest config = registry.blob("hello", new byte[] {'{', '}'});
        for (int lie : new int[] {-1, 1}) {
            ImageRef image = registry.pushManifest(
                    "hello",
                    "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
                            .formatted(
                                    MemoryRegistry.descriptor(MediaTypes.OCI_CONFIG, config, 2),
                                    MemoryRegistry.descriptor(MediaTypes.OCI_LAYER_GZIP, digest, layer.length + lie)));

            assertThatThrownBy(() -> store.prepare(image)).hasMessageContainingAll("E1104", "" + (layer.length + lie));
        }
    }

    @Test
    void leavesNothingOfALayerItRefuses() throws IOException {
        byte[] hostile = new LayerTar().file("good", "x").file("../bad", "x").gzip();

        assertThatThrownBy(() -> store.prepare(registry.push("hello", hostile)))
                .hasMessageContainingAll("E1104", Digest.of(hostile).toString(), "..");

        assertThat(unpackedLayers() + count("tmp") + count("index")).isZero();
    }

    @Test
    void saysWhatIsMissing() {
        ImageRef image = registry.push("hello", layer("a"));
        ImageRef unknown = new ImageRef(
                "hello:2",
                image.repository(),
                Digest.of("x".getBytes(StandardCharsets.UTF_8)).toString(),
                true);

        assertThatThrownBy(() -> store.prepare(unknown))
                .hasMessageContainingAll("E1101", "hello:2", "manifest unknown");
        registry.close();
        assertThatThrownBy(() -> store.prepare(image)).hasMessageContainingAll("E1102", "127.0.0.1");
        assertThatThrownBy(() -> store.prepare(new ImageRef("bad", image.repository(), "sha256:zz", true)))
                .hasMessageContaining("E1103");
    }

    @Test
    void keepsTheDiskReserve() {
        store.close();
        store = new DiskImageStore(config(Long.MAX_VALUE));

        assertThatThrownBy(() -> store.prepare(registry.push("hello", layer("a"))))
                .hasMessageContaining("E1502");
    }
}
