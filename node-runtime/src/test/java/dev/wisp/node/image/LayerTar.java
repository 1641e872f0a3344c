package dev.wisp.node.image;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Builds a layer's tar archive, a hostile one too: nothing is checked. */
final class LayerTar {

    static final Instant TIME = Instant.parse("2020-02-03T04:05:06Z");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar;

    LayerTar() {
        tar = new TarArchiveOutputStream(bytes, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    LayerTar folder(String name) {
        return entry(name, TarConstants.LF_DIR, entry -> entry.setMode(0755));
    }

    LayerTar file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8), entry -> {});
    }

    LayerTar file(String name, byte[] content, Consumer<TarArchiveEntry> change) {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
        entry.setMode(0644);
        entry.setSize(content.length);
        change.accept(entry);
        return put(entry, content);
    }

    LayerTar symlink(String name, String target) {
        return entry(name, TarConstants.LF_SYMLINK, entry -> entry.setLinkName(target));
    }

    LayerTar hardLink(String name, String target) {
        return entry(name, TarConstants.LF_LINK, entry -> entry.setLinkName(target));
    }

    LayerTar entry(String name, byte kind, Consumer<TarArchiveEntry> change) {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        change.accept(entry);
        return put(entry, new byte[0]);
    }

    /** Extended headers for the next entry, as they are. */
    LayerTar extended(String... headers) {
        StringBuilder records = new StringBuilder();
        for (String header : headers) {
            int length = header.length() + 2;
            length += Integer.toString(length + 2).length();
            records.append(length).append(' ').append(header).append('\n');
        }
        byte[] content = records.toString().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry("extended", TarConstants.LF_PAX_EXTENDED_HEADER_LC, true);
        entry.setSize(content.length);
        return put(entry, content);
    }

    private LayerTar put(TarArchiveEntry entry, byte[] content) {
        entry.setModTime(TIME.toEpochMilli());
        try {
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] plain() {
        try {
            tar.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    byte[] gzip() {
        return gzip(plain());
    }

    byte[] zstd() {
        return Zstd.compress(plain());
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
