package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.Descriptor;
import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.oci.ImageManifest;
import dev.wisp.contracts.oci.OciParser;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is in the store, read as images. Thread-safe. */
final class UploadedImages {

    private final BlobStore store;

    UploadedImages(BlobStore store) {
        this.store = store;
    }

    ImageSource source(String repository) {
        return new StoredRepository(store, repository);
    }

    /** All uploaded images by name and tag. */
    List<StoredImage> list() {
        try {
            List<StoredImage> images = new ArrayList<>();
            for (String repository : store.repositories()) {
                for (String tag : store.tags(repository)) {
                    stored(new UploadName(repository, tag)).ifPresent(images::add);
                }
            }
            return images;
        } catch (IOException e) {
            throw StorageFailure.problem(e);
        }
    }

    private Optional<StoredImage> stored(UploadName name) throws IOException {
        Digest digest = store.tagged(name.repository(), name.tag()).orElse(null);
        Path document =
                digest == null ? null : store.blob(name.repository(), digest).orElse(null);
        if (document == null || !(OciParser.parse(Files.readAllBytes(document)) instanceof ImageManifest manifest)) {
            return Optional.empty();
        }
        return Optional.of(new StoredImage(
                name.reference(), String.valueOf(digest), manifest.layers().size(), manifest.layerBytes()));
    }

    /** One repository of the store. */
    private record StoredRepository(BlobStore store, String repository) implements ImageSource {

        @Override
        public byte[] manifest(String tag) {
            try {
                Digest digest = store.tagged(repository, tag)
                        .orElseThrow(() -> absent("nothing was uploaded as %s:%s".formatted(repository, tag)));
                return manifest(digest);
            } catch (IOException e) {
                throw StorageFailure.problem(e);
            }
        }

        @Override
        public byte[] manifest(Digest digest) {
            return read(digest);
        }

        @Override
        public byte[] document(Descriptor blob) {
            return read(blob.digest());
        }

        private byte[] read(Digest digest) {
            Path file = store.blob(repository, digest)
                    .orElseThrow(() -> absent("no upload of %s has %s".formatted(repository, digest)));
            try {
                if (Files.size(file) > OciParser.DOCUMENT_BYTES_MAX) {
                    throw new IllegalArgumentException("%s is a layer, not a document".formatted(digest));
                }
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw StorageFailure.problem(e);
            }
        }

        private static ProblemException absent(String detail) {
            return new ProblemException(Problem.of(ErrorCode.IMAGE_NOT_FOUND, detail));
        }
    }
}
