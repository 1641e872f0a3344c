package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.Descriptor;
import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.oci.ImageManifest;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.controller.registry.UploadSpool.SpooledFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes an image out of an uploaded archive into the store. The name leads to it only when all of it is there. Thread-safe. */
final class ImageImporter {

    private final BlobStore store;
    private final UploadSpool.Limits limits;
    private final Platform host;

    ImageImporter(BlobStore store, UploadSpool.Limits limits, Platform host) {
        this.store = store;
        this.limits = limits;
        this.host = host;
    }

    /** Blocks while the archive arrives. Throws a problem of group E11, or E1502; nothing is left of the upload then. */
    StoredImage importArchive(InputStream archive, UploadName name) {
        try (UploadSpool spool = UploadSpool.read(archive, store, limits)) {
            UploadedImage image = find(spool);
            List<SpooledFile> blobs = blobs(spool, image.manifest());
            for (SpooledFile blob : blobs) {
                store.adopt(blob.path(), blob.digest(), name.repository());
            }
            return publish(image, name);
        } catch (UploadStream.Interrupted e) {
            throw new ProblemException(Problem.of(ErrorCode.IMAGE_INVALID, "" + e.getMessage()), e);
        } catch (IOException e) {
            throw StorageFailure.problem(e);
        }
    }

    private UploadedImage find(UploadSpool spool) throws IOException {
        UploadedImage layout = LayoutReader.read(spool, host).orElse(null);
        return layout != null
                ? layout
                : DockerArchiveReader.read(spool, host)
                        .orElseThrow(() -> new ProblemException(Problem.of(
                                        ErrorCode.IMAGE_INVALID,
                                        "the archive is neither an OCI layout nor what docker save writes")
                                .withHint("write one with: docker save -o image.tar NAME")));
    }

    /** Every blob of the image, checked, before the first is stored. */
    private static List<SpooledFile> blobs(UploadSpool spool, ImageManifest manifest) {
        List<SpooledFile> blobs = new ArrayList<>();
        blobs.add(blob(spool, manifest.config(), "configuration"));
        int number = 0;
        for (Descriptor layer : manifest.layers()) {
            number++;
            blobs.add(blob(spool, layer, "layer %d".formatted(number)));
        }
        return blobs;
    }

    private static SpooledFile blob(UploadSpool spool, Descriptor descriptor, String what) {
        return spool.blob(descriptor.digest())
                .filter(file -> file.bytes() == descriptor.bytes())
                .orElseThrow(() -> new ProblemException(Problem.of(
                        ErrorCode.IMAGE_LAYER_BROKEN,
                        "the archive lacks %s (%s), or it is damaged".formatted(what, descriptor.digest()))));
    }

    private StoredImage publish(UploadedImage image, UploadName name) throws IOException {
        Digest digest = Digest.of(image.document());
        Path document = store.newFile();
        try {
            Files.write(document, image.document());
            store.adopt(document, digest, name.repository());
        } finally {
            Files.deleteIfExists(document);
        }
        store.tag(name.repository(), name.tag(), digest);
        return new StoredImage(
                name.reference(),
                digest.toString(),
                image.manifest().layers().size(),
                image.manifest().layerBytes());
    }
}
