package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Builds image archives by hand, wrong ones too. */
final class TestArchive {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");
    private final String folder;

    TestArchive() {
        this("");
    }

    /** All names begin with {@code folder}. */
    TestArchive(String folder) {
        this.folder = folder;
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] config(Platform platform) {
        return utf8("""
                {"os":"%s","architecture":"%s","config":{"Entrypoint":["/bin/hello"],"Cmd":["-v"],\
                "Env":["PATH=/bin","A=b=c"],"WorkingDir":"/srv","User":"7:8","ExposedPorts":{"80/tcp":{},"53/udp":{}},"Volumes":{"/data":{}},\
                "StopSignal":"SIGINT"}}""".formatted(platform.os(), platform.architecture()));
    }

    TestArchive file(String name, byte[] content) {
        TarArchiveEntry entry = new TarArchiveEntry(folder + name, TarConstants.LF_NORMAL, true);
        entry.setSize(content.length);
        return put(entry, content);
    }

    TestArchive link(String name, String target) {
        TarArchiveEntry entry = new TarArchiveEntry(folder + name, TarConstants.LF_SYMLINK, true);
        entry.setLinkName(target);
        return put(entry, new byte[0]);
    }

    private TestArchive put(TarArchiveEntry entry, byte[] content) {
        try {
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestArchive blob(byte[] content) {
        return file("blobs/sha256/" + Digest.of(content).hex(), content);
    }

    /** Blobs and manifest of an image; returns its descriptor for an index. */
    String image(Platform platform, byte[]... layers) {
        byte[] config = config(platform);
        blob(config);
        Stream.of(layers).forEach(this::blob);
        String list = Stream.of(layers)
                .map(layer -> descriptor(MediaTypes.OCI_LAYER_GZIP, layer))
                .collect(Collectors.joining(","));
        byte[] manifest = utf8("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
                .formatted(MediaTypes.OCI_MANIFEST, descriptor(MediaTypes.OCI_CONFIG, config), list));
        blob(manifest);
        return descriptor(MediaTypes.OCI_MANIFEST, manifest);
    }

    static String descriptor(String type, byte[] content) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                .formatted(type, Digest.of(content), content.length);
    }

    /** A descriptor that says its platform. */
    static String on(Platform platform, String descriptor) {
        return descriptor.substring(0, descriptor.length() - 1)
                + ",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"}}"
                        .formatted(platform.os(), platform.architecture());
    }

    static byte[] index(List<String> descriptors) {
        return utf8("{\"schemaVersion\":2,\"manifests\":[%s]}".formatted(String.join(",", descriptors)));
    }

    /** Makes it a layout whose index has these. */
    TestArchive layout(String... descriptors) {
        return file("index.json", index(List.of(descriptors)))
                .file("oci-layout", utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
    }

    byte[] bytes() {
        try {
            tar.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    InputStream stream() {
        return new ByteArrayInputStream(bytes());
    }

    InputStream gzipStream() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(packed.toByteArray());
    }
}
