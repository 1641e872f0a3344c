package dev.wisp.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.problem.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileLayerTest {

    private UnpackFixture fixture;
    private SortedMap<String, String> canary;

    @BeforeEach
    void prepare(@TempDir(factory = MemoryFolder.class) Path folder) throws IOException {
        assumeTrue(UnpackFixture.isRoot(), "layers have owners, which only root can set");
        fixture = new UnpackFixture(folder);
        canary = UnpackFixture.tree(fixture.canary);
    }

    /** A layer, and words that must be in the refusal. */
    record Case(String name, Supplier<byte[]> layer, ErrorCode code, String reason) {

        static Case broken(String name, LayerTar layer, String reason) {
            return new Case(name, layer::gzip, ErrorCode.IMAGE_LAYER_BROKEN, reason);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> escapes() {
        return Stream.of(
                Case.broken("dots", new LayerTar().file("../canary/file", "x"), ".."),
                Case.broken("dots inside", new LayerTar().file("a/../../canary/file", "x"), ".."),
                Case.broken("dots at the end", new LayerTar().folder("a/.."), ".."),
                Case.broken("absolute dots", new LayerTar().file("/../canary/file", "x"), ".."),
                Case.broken("symlink as root", new LayerTar().symlink(".", "../canary"), "root"),
                Case.broken("file as root", new LayerTar().file(".", "x"), "root"),
                Case.broken(
                        "through a symlink",
                        new LayerTar().symlink("l", "../canary").file("l/file", "x"),
                        "symbolic link"),
                Case.broken(
                        "through a symlink by a folder entry",
                        new LayerTar().symlink("l", "../canary").folder("l/"),
                        "symbolic link"),
                Case.broken(
                        "through a symlink far above",
                        new LayerTar().symlink("a/l", "../../canary").file("a/l/empty/new/file", "x"),
                        "symbolic link"),
                Case.broken(
                        "through a symlink that stays inside",
                        new LayerTar().folder("d").symlink("l", "d").file("l/f", "x"),
                        "symbolic link"),
                Case.broken(
                        "through a chain of symlinks",
                        new LayerTar()
                                .symlink("b", "a")
                                .symlink("a", "../canary")
                                .file("b/file", "x"),
                        "symbolic link"),
                Case.broken(
                        "through a symlink loop",
                        new LayerTar().symlink("l", "l").file("l/f", "x"),
                        "symbolic link"),
                Case.broken(
                        "through proc",
                        new LayerTar().symlink("p", "/proc/self/root").file("p/f", "x"),
                        "symbolic"),
                Case.broken(
                        "symlink swapped for a folder between entries",
                        new LayerTar().folder("d").symlink("d", "../canary").file("d/file", "x"),
                        "symbolic link"),
                Case.broken("hard link out", new LayerTar().hardLink("h", "../canary/file"), ".."),
                Case.broken("hard link to the host", new LayerTar().hardLink("h", "/etc/passwd"), "does not have"),
                Case.broken("hard link to a folder", new LayerTar().folder("d").hardLink("h", "d"), "does not have"),
                Case.broken("hard link to itself", new LayerTar().file("h", "x").hardLink("h", "h"), "no file"),
                Case.broken(
                        "hard link through a symlink",
                        new LayerTar().symlink("l", "../canary").hardLink("h", "l/file"),
                        "symbolic link"),
                Case.broken(
                        "hard link into a symlink",
                        new LayerTar().symlink("l", "../canary").file("f", "x").hardLink("l/new", "f"),
                        "symbolic link"),
                Case.broken(
                        "hard link to a whiteout",
                        new LayerTar().file(".wh.w", "").hardLink("h", "w"),
                        "not have"),
                Case.broken(
                        "whiteout through a symlink",
                        new LayerTar().symlink("l", "../canary").file("l/.wh.file", ""),
                        "symbolic link"),
                Case.broken(
                        "opaque through a symlink",
                        new LayerTar().symlink("l", "../canary").file("l/.wh..wh..opq", ""),
                        "symbolic link"),
                Case.broken("whiteout of dots", new LayerTar().file(".wh...", ""), "no name"),
                Case.broken("whiteout of nothing", new LayerTar().file("d/.wh.", ""), "no name"),
                Case.broken("below a file", new LayerTar().file("f", "x").file("f/g", "x"), "not a folder"),
                Case.broken(
                        "file over a full folder",
                        new LayerTar().file("d/f", "x").file("d", "x"),
                        "not empty"));
    }

    static Stream<Case> malformed() {
        return Stream.of(
                Case.broken("long component", new LayerTar().file("x".repeat(256), "x"), "longer than 255"),
                Case.broken("long path", new LayerTar().file("xxxxxxx/".repeat(500) + "f", "x"), "longer than 3072"),
                Case.broken("deep path", new LayerTar().file("d/".repeat(300) + "f", "x"), "deeper than"),
                Case.broken("long link", new LayerTar().symlink("l", "x".repeat(5000)), "longer than 4095"),
                Case.broken("empty link", new LayerTar().symlink("l", ""), "to nothing"),
                Case.broken(
                        "NUL in a name", new LayerTar().extended("path=a\0b").file("f", ""), "not text"),
                Case.broken("negative size", new LayerTar().extended("size=-1").file("f", ""), "tar archive"),
                Case.broken(
                        "impossible time",
                        new LayerTar().extended("mtime=1e999999999").file("f", ""),
                        "tar archive"),
                Case.broken("unknown kind", new LayerTar().entry("f", (byte) 'V', entry -> {}), "unknown kind"),
                Case.broken(
                        "huge headers",
                        new LayerTar().file("f", new byte[0], entry -> entry.addPaxHeader("c", "x".repeat(300_000))),
                        "headers"),
                Case.broken(
                        "sparse",
                        new LayerTar()
                                .extended("GNU.sparse.size=5", "GNU.sparse.map=0,5")
                                .file("f", ""),
                        "sparse"),
                new Case("not gzip", HostileLayerTest::badGzip, ErrorCode.IMAGE_LAYER_BROKEN, "decompressed"),
                new Case(
                        "cut gzip",
                        () -> cut(incompressible().gzip(), 3000),
                        ErrorCode.IMAGE_LAYER_BROKEN,
                        "decompressed"),
                new Case(
                        "cut zstd",
                        () -> cut(incompressible().zstd(), 3000),
                        ErrorCode.IMAGE_LAYER_BROKEN,
                        "decompressed"),
                new Case(
                        "cut tar",
                        () -> cut(incompressible().plain(), 3000),
                        ErrorCode.IMAGE_LAYER_BROKEN,
                        "cut short"),
                new Case("not a tar", () -> noise(5000), ErrorCode.IMAGE_LAYER_BROKEN, "tar archive"),
                new Case(
                        "entry that claims more than there is",
                        () -> LayerTar.gzip(cut(incompressible().plain(), 1024)),
                        ErrorCode.IMAGE_LAYER_BROKEN,
                        "cut short"),
                new Case("gzip bomb", () -> bomb().gzip(), ErrorCode.IMAGE_TOO_LARGE, "more than 200 times"),
                new Case("zstd bomb", () -> bomb().zstd(), ErrorCode.IMAGE_TOO_LARGE, "more than 200 times"),
                new Case("too many files", HostileLayerTest::manyFiles, ErrorCode.IMAGE_TOO_LARGE, "1000 files"));
    }

    private static LayerTar incompressible() {
        return new LayerTar().file("noise", noise(10_000), entry -> {});
    }

    private static byte[] noise(int count) {
        byte[] bytes = new byte[count];
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(7);
        random.nextBytes(bytes);
        bytes[0] = 'n';
        return bytes;
    }

    private static byte[] cut(byte[] bytes, int to) {
        return Arrays.copyOf(bytes, to);
    }

    private static byte[] badGzip() {
        byte[] gzip = incompressible().gzip();
        Arrays.fill(gzip, 20, 400, (byte) 0x55);
        return gzip;
    }

    private static LayerTar bomb() {
        return new LayerTar().file("zeros", new byte[80 << 20], entry -> {});
    }

    private static byte[] manyFiles() {
        LayerTar tar = new LayerTar();
        for (int i = 0; i <= 1000; i++) {
            tar.file("f" + i, "");
        }
        return tar.gzip();
    }

    @ParameterizedTest
    @MethodSource({"escapes", "malformed"})
    void refusesAndTouchesNothingOutside(Case hostile) throws IOException {
        byte[] layer = hostile.layer().get();

        assertThatThrownBy(() -> fixture.unpack(layer))
                .isInstanceOfSatisfying(
                        RefusedLayerException.class, e -> assertThat(e.code()).isEqualTo(hostile.code()))
                .hasMessageContaining(hostile.reason());

        assertThat(UnpackFixture.tree(fixture.canary)).isEqualTo(canary);
    }

    @Test
    void refusesMoreBytesThanAllowed() {
        byte[] layer = new LayerTar().file("f", noise(200_000), entry -> {}).gzip();
        ImageLimits limits = new ImageLimits(1 << 20, 100_000, 10, 200, Duration.ofMinutes(1));

        assertThatThrownBy(() -> fixture.unpack(layer, limits)).hasMessageContaining("beyond 100000 bytes");
    }

    @Test
    void followsNoSymlinkThatTheLayerReplacesOrRemoves() throws IOException {
        byte[] layer = new LayerTar()
                .symlink("file", fixture.canary.resolve("file").toString())
                .file("file", "mine")
                .symlink("out", fixture.canary.resolve("file").toString())
                .hardLink("link", "out")
                .file(".wh.out", "")
                .gzip();

        fixture.unpack(layer);

        assertThat(Files.readString(fixture.root.resolve("file"))).isEqualTo("mine");
        assertThat(Files.isSymbolicLink(fixture.root.resolve("link"))).isTrue();
        assertThat(UnpackFixture.tree(fixture.canary)).isEqualTo(canary);
    }

    /** Whatever bytes change in an archive, it is unpacked or refused, and nothing outside is touched. */
    @Test
    void survivesRandomDamage() throws IOException {
        byte[] archive = new LayerTar()
                .folder("a")
                .file("a/" + "long".repeat(40), "content")
                .symlink("a/link", "../canary")
                .hardLink("b", "a/" + "long".repeat(40))
                .file("a/.wh.c", "")
                .entry("dev", TarConstants.LF_CHR, entry -> {})
                .plain();
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(42);

        for (int round = 0; round < 40; round++) {
            byte[] damaged = archive.clone();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            withRightChecksums(damaged);
            unpackOrRefuse(damaged, round);
        }

        assertThat(UnpackFixture.tree(fixture.canary)).isEqualTo(canary);
    }

    private void unpackOrRefuse(byte[] archive, int round) throws IOException {
        try {
            fixture.unpack(archive);
        } catch (RefusedLayerException e) {
            assertThat(e.getMessage()).as("round %d", round).isNotBlank();
        } finally {
            StoreFolder.deleteTree(fixture.root);
            Files.createDirectory(fixture.root);
        }
    }

    /** Damage that a checksum would catch is no test of what lies behind it. */
    private static void withRightChecksums(byte[] tar) {
        for (int at = 0; at + 512 <= tar.length; at += 512) {
            if (new String(tar, at + 257, 5, StandardCharsets.US_ASCII).equals("ustar")) {
                Arrays.fill(tar, at + 148, at + 156, (byte) ' ');
                int sum = 0;
                for (int i = at; i < at + 512; i++) {
                    sum += tar[i] & 0xff;
                }
                byte[] octal = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(octal, 0, tar, at + 148, octal.length);
            }
        }
    }
}
