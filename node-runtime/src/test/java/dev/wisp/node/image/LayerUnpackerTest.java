package dev.wisp.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerUnpackerTest {

    private UnpackFixture fixture;

    @BeforeEach
    void prepare(@TempDir(factory = MemoryFolder.class) Path folder) throws IOException {
        assumeTrue(UnpackFixture.isRoot(), "layers have owners, which only root can set");
        fixture = new UnpackFixture(folder);
    }

    private static Consumer<TarArchiveEntry> owned(int mode, long uid, long gid) {
        return entry -> {
            entry.setMode(mode);
            entry.setUserId(uid);
            entry.setGroupId(gid);
        };
    }

    @Test
    void keepsKindsOwnersPermissionsAndTimes() throws IOException {
        byte[] layer = new LayerTar()
                .folder("./")
                .entry("tmp/", TarConstants.LF_DIR, owned(01777, 0, 0))
                .entry("srv/", TarConstants.LF_DIR, owned(02750, 33, 44))
                .file("srv/page", "hello".getBytes(StandardCharsets.UTF_8), owned(0640, 1000, 65_535))
                .hardLink("srv/again", "./srv/page")
                .symlink("srv/link", "/etc/passwd")
                .file("srv/größe", "x")
                .gzip();

        fixture.unpack(layer);

        assertThat(fixture.tree())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "", "0:0 755 folder",
                        "tmp", "0:0 1777 folder",
                        "srv", "33:44 2750 folder",
                        "srv/page", "1000:65535 640 'hello'",
                        "srv/again", "1000:65535 640 'hello'",
                        "srv/link", "0:0 777 -> /etc/passwd",
                        "srv/größe", "0:0 644 'x'"));
        for (String path : new String[] {"srv", "srv/page", "srv/link", "tmp"}) {
            assertThat(UnpackFixture.modifiedSeconds(fixture.root.resolve(path)))
                    .as(path)
                    .isEqualTo(LayerTar.TIME.getEpochSecond());
        }
        assertThat(Files.getAttribute(fixture.root.resolve("srv/page"), "unix:nlink"))
                .isEqualTo(2);
    }

    @Test
    void readsPlainGzipAndZstdAlike() throws IOException {
        fixture.unpack(new LayerTar().file("plain", "1").plain());
        fixture.unpack(new LayerTar().file("gzip", "2").gzip());
        fixture.unpack(new LayerTar().file("zstd", "3").zstd());

        assertThat(fixture.tree()).containsOnlyKeys("", "plain", "gzip", "zstd");
    }

    @Test
    void readsGzipOfSeveralMembers() throws IOException {
        byte[] tar = new LayerTar().file("a", "1").file("b", "2").plain();
        byte[] first = LayerTar.gzip(java.util.Arrays.copyOf(tar, 700));
        byte[] second = LayerTar.gzip(java.util.Arrays.copyOfRange(tar, 700, tar.length));
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        fixture.unpack(both);

        assertThat(fixture.tree()).containsOnlyKeys("", "a", "b");
    }

    @Test
    void turnsWhiteoutsIntoWhatOverlayfsReads() throws IOException {
        byte[] layer = new LayerTar()
                .file("etc/.wh.gone", "")
                .folder("var/")
                .file("var/.wh..wh..opq", "")
                .file("var/new", "n")
                .gzip();

        fixture.unpack(layer);

        assertThat(fixture.tree())
                .containsEntry("etc/gone", "0:0 0 device 0")
                .containsEntry("var", "0:0 755 folder opaque")
                .containsEntry("var/new", "0:0 644 'n'")
                .hasSize(5);
    }

    @Test
    void hidesOnlyLowerLayersBehindAWhiteoutWhicheverComesFirst() throws IOException {
        byte[] layer = new LayerTar()
                .file("a", "mine")
                .file(".wh.a", "")
                .file(".wh.b", "")
                .file("b", "mine")
                .folder("c/")
                .file("c/x", "mine")
                .file(".wh.c", "")
                .file(".wh.d", "")
                .file("d/x", "mine")
                .gzip();

        fixture.unpack(layer);

        assertThat(fixture.tree())
                .containsEntry("a", "0:0 644 'mine'")
                .containsEntry("b", "0:0 644 'mine'")
                .containsEntry("c", "0:0 755 folder opaque")
                .containsEntry("d", "0:0 755 folder opaque")
                .containsEntry("d/x", "0:0 644 'mine'");
    }

    @Test
    void remembersThatALayerHidesAllBelow() throws IOException {
        LayerUnpacker.Unpacked unpacked =
                fixture.unpack(new LayerTar().file(".wh..wh..opq", "").gzip());

        assertThat(unpacked.rootOpaque()).isTrue();
    }

    @Test
    void lastOfTwoEntriesWins() throws IOException {
        byte[] layer = new LayerTar()
                .file("f", "first")
                .symlink("f", "elsewhere")
                .file("f", "last")
                .folder("d")
                .symlink("d", "f")
                .gzip();

        fixture.unpack(layer);

        assertThat(fixture.tree()).containsEntry("f", "0:0 644 'last'").containsEntry("d", "0:0 777 -> f");
    }

    @Test
    void leavesOutWhatASandboxMustNotGet() throws IOException {
        byte[] layer = new LayerTar()
                .entry("dev/mem", TarConstants.LF_CHR, entry -> entry.setDevMajor(1))
                .entry("dev/vda", TarConstants.LF_BLK, entry -> entry.setDevMajor(254))
                .entry("fifo", TarConstants.LF_FIFO, entry -> {})
                .file("su", new byte[] {'x'}, owned(06755, 0, 0))
                .file("ping", new byte[0], entry -> {
                    entry.addPaxHeader("SCHILY.xattr.security.capability", "x");
                    entry.addPaxHeader("SCHILY.xattr.trusted.overlay.redirect", "/etc");
                    entry.addPaxHeader("SCHILY.xattr.user.overlay.opaque", "y");
                })
                .file("far", new byte[0], owned(0600, 1_000_660_000L, 4_294_967_296L))
                .gzip();

        fixture.unpack(layer);

        assertThat(fixture.tree())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "", "0:0 755 folder",
                        "su", "0:0 755 'x'",
                        "ping", "0:0 644 ''",
                        "far", "65534:65534 600 ''"));
    }

    @Test
    void takesAbsoluteNamesFromTheLayersRoot() throws IOException {
        fixture.unpack(new LayerTar().file("/abs/./x", "1").file("//y", "2").gzip());

        assertThat(fixture.tree()).containsOnlyKeys("", "abs", "abs/x", "y");
    }
}
