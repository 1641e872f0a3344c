package dev.wisp.samples.build;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** An image of one layer without a base, written as an OCI archive. The same files give the same digest. */
final class SampleImage {

    private static final FilePermissions PLAIN = FilePermissions.fromOctalString("644");
    private static final FilePermissions EXECUTABLE = FilePermissions.fromOctalString("755");

    private final String name;
    private final List<String> entrypoint;
    private final FileEntriesLayer.Builder layer;

    SampleImage(String name, List<String> entrypoint) {
        this.name = name;
        this.entrypoint = List.copyOf(entrypoint);
        this.layer = FileEntriesLayer.builder().setName(name);
    }

    SampleImage withFile(Path file, String pathInImage) {
        FilePermissions permissions = Files.isExecutable(file) ? EXECUTABLE : PLAIN;
        layer.addEntry(file, AbsoluteUnixPath.get(pathInImage), permissions, Instant.EPOCH);
        return this;
    }

    SampleImage withFolder(Path folder, String pathInImage) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .sorted()
                    .forEach(file -> withFile(file, pathInImage + "/" + folder.relativize(file)));
        }
        return this;
    }

    void write(Path archive) throws IOException {
        try {
            Path cache = archive.resolveSibling("jib-cache");
            Jib.fromScratch()
                    .setFormat(ImageFormat.OCI)
                    .setCreationTime(Instant.EPOCH)
                    .setFileEntriesLayers(layer.build())
                    .setEntrypoint(entrypoint)
                    .addExposedPort(Port.tcp(8080))
                    .containerize(Containerizer.to(TarImage.at(archive).named(name + ":latest"))
                            .setOfflineMode(true)
                            .setBaseImageLayersCache(cache)
                            .setApplicationLayersCache(cache));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing " + archive, e);
        } catch (InvalidImageReferenceException
                | RegistryException
                | CacheDirectoryCreationException
                | ExecutionException e) {
            throw new IOException("could not write " + archive, e);
        }
    }
}
