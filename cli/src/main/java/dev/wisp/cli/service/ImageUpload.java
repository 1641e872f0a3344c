package dev.wisp.cli.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.api.Api;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Headers;
import dev.wisp.cli.http.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Sends an image from this machine to the platform: an archive as it is, an OCI layout folder as a tar made on the way. */
final class ImageUpload {

    /** The platform unpacks and checks every layer before it answers. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(5);

    private ImageUpload() {}

    /** What the platform made of it. */
    record Uploaded(String reference, String digest, int layers, long bytes) {}

    /** An OCI archive or the output of {@code docker save}, also compressed if the platform can read it. */
    static Uploaded archive(Api api, String name, Path file) {
        if (!Files.isRegularFile(file)) {
            throw CliException.of(ExitCode.USAGE, "--archive: no such file: " + file);
        }
        return send(api, name, new Request.Body(size(file), out -> Files.copy(file, out)));
    }

    /** A folder with {@code oci-layout}, {@code index.json} and {@code blobs}. */
    static Uploaded layout(Api api, String name, Path folder) {
        if (!Files.isRegularFile(folder.resolve("oci-layout"))) {
            throw CliException.of(
                    ExitCode.USAGE,
                    "--layout: %s is no OCI layout folder: it has no file oci-layout".formatted(folder));
        }
        return send(api, name, new Request.Body(Request.Body.UNKNOWN, out -> tar(folder, out)));
    }

    private static Uploaded send(Api api, String name, Request.Body body) {
        Headers headers = Headers.NONE.with("Content-Type", "application/x-tar");
        JsonNode answer = api.exchange(
                new Request("POST", "/v1/images?name=" + ServicePath.escape(name), headers, body), ANSWER_TIMEOUT);
        return new Uploaded(
                answer.path("reference").asText(),
                answer.path("digest").asText(),
                layers(answer.path("layers")),
                answer.path("bytes").asLong());
    }

    private static int layers(JsonNode layers) {
        return layers.isArray() ? layers.size() : layers.asInt();
    }

    private static void tar(Path folder, OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        for (Path file : files(folder)) {
            TarArchiveEntry entry = new TarArchiveEntry(folder.relativize(file).toString());
            entry.setSize(Files.size(file));
            tar.putArchiveEntry(entry);
            Files.copy(file, tar);
            tar.closeArchiveEntry();
        }
        tar.finish();
        tar.flush();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw CliException.of(ExitCode.FAILED, "cannot read " + file).because(e.toString());
        }
    }
}
