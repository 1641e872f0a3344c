package dev.wisp.controller.registry;

import static dev.wisp.controller.registry.TestArchive.on;
import static dev.wisp.controller.registry.TestArchive.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.oci.ImageManifest;
import dev.wisp.contracts.oci.MediaTypes;
import dev.wisp.contracts.oci.OciParser;
import dev.wisp.contracts.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageImporterTest {

    private static final Platform HOST = new Platform("linux", "amd64");
    private static final Platform ARM = new Platform("linux", "arm64");
    private static final UploadName NAME = new UploadName("team/hello", "1");
    private static final byte[] LAYER = utf8("the first layer");
    private static final byte[] OTHER = utf8("another layer");

    private Path folder;
    private BlobStore store;
    private UploadedImages uploads;
    private ImageImporter importer;

    @BeforeEach
    void prepare(@TempDir Path temporary) {
        folder = temporary.resolve("registry");
        store = new BlobStore(folder);
        uploads = new UploadedImages(store);
        importer = importer(1 << 20, 0);
    }

    private ImageImporter importer(long bytesMax, long reserve) {
        return new ImageImporter(store, new UploadSpool.Limits(bytesMax, reserve), HOST);
    }

    private static TestArchive layout() {
        TestArchive archive = new TestArchive();
        return archive.layout(archive.image(HOST, LAYER, OTHER));
    }

    private static TestArchive dockerSave() {
        return new TestArchive()
                .file("1/layer.tar", LAYER)
                .link("2/layer.tar", "../1/layer.tar")
                .file("3/layer.tar", new byte[] {0x1f, (byte) 0x8b, 0, 0})
                .file("abc.json", TestArchive.config(HOST))
                .file("manifest.json", utf8("""
                                [{"Config":"abc.json","RepoTags":["x:1"],"Layers":["1/layer.tar","2/layer.tar","3/layer.tar"]}]"""));
    }

    private List<Path> leftovers() throws IOException {
        Path temporary = folder.resolve("tmp");
        if (!Files.isDirectory(temporary)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(temporary)) {
            return files.toList();
        }
    }

    @Test
    void importsALayoutAsItIs() throws IOException {
        StoredImage stored = importer.importArchive(layout().stream(), NAME);

        assertThat(stored.reference()).isEqualTo("wisp.local/team/hello:1");
        assertThat(stored.layers()).isEqualTo(2);
        assertThat(stored.bytes()).isEqualTo(LAYER.length + OTHER.length);
        assertThat(uploads.list()).containsExactly(stored);
        assertThat(store.blob("team/hello", Digest.of(LAYER)))
                .hasValueSatisfying(file -> assertThat(file).hasBinaryContent(LAYER));
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void givesTheSameDigestHoweverALayoutIsPacked() {
        TestArchive nested = new TestArchive("./image/");
        StoredImage plain = importer.importArchive(layout().stream(), NAME);

        assertThat(importer.importArchive(layout().gzipStream(), NAME)).isEqualTo(plain);
        assertThat(importer.importArchive(nested.layout(nested.image(HOST, LAYER, OTHER)).stream(), NAME))
                .isEqualTo(plain);
    }

    @Test
    void picksThePlatformOfThisHostFromAnIndexInAnIndex() {
        TestArchive archive = new TestArchive();
        byte[] index = TestArchive.index(List.of(
                on(ARM, archive.image(ARM, OTHER)),
                on(new Platform("unknown", "unknown"), archive.image(HOST, OTHER)),
                on(HOST, archive.image(HOST, LAYER))));
        archive.blob(index).layout(TestArchive.descriptor(MediaTypes.OCI_INDEX, index));

        assertThat(importer.importArchive(archive.stream(), NAME).bytes()).isEqualTo(LAYER.length);
    }

    @Test
    void makesAManifestForWhatDockerSaves() throws IOException {
        StoredImage stored = importer.importArchive(dockerSave().stream(), NAME);

        Path document = store.blob("team/hello", Digest.parse(stored.digest())).orElseThrow();
        ImageManifest manifest = (ImageManifest) OciParser.parse(Files.readAllBytes(document));
        assertThat(manifest.layers())
                .extracting(layer -> layer.mediaType())
                .containsExactly(MediaTypes.OCI_LAYER_TAR, MediaTypes.OCI_LAYER_TAR, MediaTypes.OCI_LAYER_GZIP);
        assertThat(manifest.layers().get(1).digest()).isEqualTo(Digest.of(LAYER));
        assertThat(importer.importArchive(dockerSave().gzipStream(), NAME)).isEqualTo(stored);
    }

    @Test
    void movesATagToTheNewImageAndKeepsTheOld() throws IOException {
        StoredImage old = importer.importArchive(layout().stream(), NAME);
        TestArchive archive = new TestArchive();
        StoredImage renewed = importer.importArchive(archive.layout(archive.image(HOST, OTHER)).stream(), NAME);

        assertThat(uploads.list()).containsExactly(renewed);
        assertThat(store.blob("team/hello", Digest.parse(old.digest()))).isPresent();
    }

    @Test
    void showsABlobOnlyInRepositoriesThatHaveIt() {
        importer.importArchive(layout().stream(), NAME);

        assertThat(store.blob("team", Digest.of(LAYER))).isEmpty();
        assertThat(store.blob("other", Digest.of(LAYER))).isEmpty();
    }

    /** An upload, and words that must be in the refusal. */
    record Case(String name, Supplier<InputStream> archive, String code, String reason) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> refused() {
        byte[] good = layout().bytes();
        return Stream.of(
                new Case("empty", () -> new ByteArrayInputStream(new byte[0]), "E1103", "neither"),
                new Case(
                        "no archive", () -> new ByteArrayInputStream(utf8("hello ".repeat(999))), "E1103", "not a tar"),
                new Case("cut", () -> new ByteArrayInputStream(Arrays.copyOf(good, 1900)), "E1103", "not a tar"),
                new Case("cut gzip", () -> cut(layout().gzipStream()), "E1103", "broke off"),
                new Case(
                        "cut in a file",
                        () -> new ByteArrayInputStream(Arrays.copyOf(good, 700)),
                        "E1103",
                        "broke off"),
                new Case(
                        "cut gzip header",
                        () -> new ByteArrayInputStream(new byte[] {31, -117, 8}),
                        "E1103",
                        "broke off"),
                new Case("no image inside", () -> new TestArchive().file("readme", LAYER).stream(), "E1103", "neither"),
                new Case("empty index", () -> new TestArchive().layout().stream(), "E1103", "no image"),
                new Case("other platform", () -> single(ARM), "E1107", "linux/arm64"),
                new Case("other platforms", ImageImporterTest::foreignIndex, "E1107", "linux/arm64, windows/amd64"),
                new Case("two images", ImageImporterTest::twoImages, "E1103", "2 images"),
                new Case("missing layer", ImageImporterTest::withoutLayer, "E1104", "lacks layer 1"),
                new Case("wrong size", ImageImporterTest::wrongSize, "E1104", "damaged"),
                new Case("index of itself", ImageImporterTest::deepIndex, "E1103", "more than 3 times"),
                new Case("image and index at once", ImageImporterTest::confused, "E1103", "at once"),
                new Case("duplicate keys", ImageImporterTest::duplicateKeys, "E1103", "Duplicate"),
                new Case(
                        "no such file",
                        () -> new TestArchive()
                                .file("manifest.json", utf8("[{\"Config\":\"../../etc/passwd\"}]")).stream(),
                        "E1103",
                        "lacks ../../etc/passwd"),
                new Case(
                        "link out",
                        () -> new TestArchive()
                                        .link("c", "/etc/passwd")
                                        .file("manifest.json", utf8("[{\"Config\":\"c\",\"Layers\":[]}]"))
                                        .stream(),
                        "E1103",
                        "lacks c"),
                new Case("links in a ring", ImageImporterTest::ring, "E1103", "lacks a"),
                new Case("too large", () -> new TestArchive().file("f", new byte[2 << 20]).stream(), "E1105", "larger"),
                new Case("huge document", ImageImporterTest::hugeIndex, "E1105", "larger"));
    }

    private static InputStream cut(InputStream stream) {
        try {
            return new ByteArrayInputStream(stream.readNBytes(300));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static InputStream single(Platform platform) {
        TestArchive archive = new TestArchive();
        return archive.layout(archive.image(platform, LAYER)).stream();
    }

    private static InputStream foreignIndex() {
        TestArchive archive = new TestArchive();
        return archive
                .layout(
                        on(ARM, archive.image(ARM, LAYER)),
                        on(new Platform("windows", "amd64"), archive.image(HOST, LAYER)))
                .stream();
    }

    private static InputStream twoImages() {
        TestArchive archive = new TestArchive();
        return archive.layout(archive.image(HOST, LAYER), archive.image(HOST, OTHER)).stream();
    }

    private static InputStream withoutLayer() {
        String descriptor = new TestArchive().image(HOST, LAYER);
        byte[] config = TestArchive.config(HOST);
        byte[] manifest = manifest(config, TestArchive.descriptor(MediaTypes.OCI_LAYER_GZIP, LAYER));
        assertThat(descriptor).contains(Digest.of(manifest).hex());
        return new TestArchive().blob(config).blob(manifest).layout(descriptor).stream();
    }

    private static InputStream wrongSize() {
        byte[] config = TestArchive.config(HOST);
        byte[] manifest = manifest(
                config, TestArchive.descriptor(MediaTypes.OCI_LAYER_GZIP, LAYER).replace("\"size\":15", "\"size\":14"));
        return new TestArchive()
                        .blob(config)
                        .blob(LAYER)
                        .blob(manifest)
                        .layout(TestArchive.descriptor(MediaTypes.OCI_MANIFEST, manifest))
                        .stream();
    }

    private static byte[] manifest(byte[] config, String layer) {
        return utf8("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
                .formatted(MediaTypes.OCI_MANIFEST, TestArchive.descriptor(MediaTypes.OCI_CONFIG, config), layer));
    }

    private static InputStream deepIndex() {
        TestArchive archive = new TestArchive();
        String descriptor = archive.image(HOST, LAYER);
        for (int i = 0; i < 5; i++) {
            byte[] index = TestArchive.index(List.of(descriptor));
            archive.blob(index);
            descriptor = TestArchive.descriptor(MediaTypes.OCI_INDEX, index);
        }
        return archive.layout(descriptor).stream();
    }

    private static InputStream confused() {
        byte[] both = utf8("{\"schemaVersion\":2,\"manifests\":[],\"layers\":[],\"config\":{}}");
        return new TestArchive().blob(both).layout(TestArchive.descriptor(MediaTypes.OCI_INDEX, both)).stream();
    }

    private static InputStream duplicateKeys() {
        return new TestArchive()
                        .file("oci-layout", utf8("{}"))
                        .file("index.json", utf8("{\"schemaVersion\":2,\"manifests\":[],\"manifests\":[]}"))
                        .stream();
    }

    private static InputStream ring() {
        return new TestArchive()
                        .link("a", "b")
                        .link("b", "a")
                        .file("manifest.json", utf8("[{\"Config\":\"a\",\"Layers\":[]}]"))
                        .stream();
    }

    private static InputStream hugeIndex() {
        return new TestArchive()
                .file("oci-layout", utf8("{}"))
                .file("index.json", new byte[5 << 20])
                .gzipStream();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesAndKeepsNothing(Case upload) throws IOException {
        assertThatThrownBy(() -> importer.importArchive(upload.archive().get(), NAME))
                .isInstanceOf(ProblemException.class)
                .hasMessageContainingAll(upload.code(), upload.reason());

        assertThat(leftovers()).isEmpty();
        assertThat(folder.resolve("blobs")).doesNotExist();
        assertThat(uploads.list()).isEmpty();
    }

    @Test
    void keepsTheDiskReserve() {
        assertThatThrownBy(() -> importer(1 << 20, Long.MAX_VALUE).importArchive(layout().stream(), NAME))
                .hasMessageContaining("E1502");
    }

    @Test
    void removesWhatAKilledProcessLeft() throws IOException {
        Path half = store.newFile();

        store.removeLeftovers();

        assertThat(half).doesNotExist();
    }
}
