package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.Descriptor;
import dev.wisp.contracts.oci.ImageIndex;
import dev.wisp.contracts.oci.ImageManifest;
import dev.wisp.contracts.oci.OciDocument;
import dev.wisp.contracts.oci.OciParser;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.controller.registry.UploadSpool.SpooledFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the image in an OCI layout, the form of {@code docker buildx --output type=oci}, skopeo, jib and newer {@code docker save}. Blobs
 * are found by what they are, not by their names in the archive, so a damaged one is a missing one.
 */
final class LayoutReader {

    private static final int DEPTH_MAX = 3;
    private static final String UNKNOWN = "unknown";

    private final UploadSpool spool;
    private final Platform host;
    private final Map<Descriptor, UploadedImage> images = new LinkedHashMap<>();
    private final Set<String> otherPlatforms = new TreeSet<>();

    private LayoutReader(UploadSpool spool, Platform host) {
        this.spool = spool;
        this.host = host;
    }

    /** Empty when the upload is no OCI layout. */
    static Optional<UploadedImage> read(UploadSpool spool, Platform host) throws IOException {
        String folder = spool.folderWith("oci-layout").orElse(null);
        SpooledFile index =
                folder == null ? null : spool.file(folder + "index.json").orElse(null);
        if (index == null) {
            return Optional.empty();
        }
        LayoutReader reader = new LayoutReader(spool, host);
        reader.collect(parse(spool.document(index)), 1);
        return Optional.of(reader.single());
    }

    private void collect(OciDocument document, int depth) throws IOException {
        if (!(document instanceof ImageIndex index)) {
            throw invalid("index.json is not an index");
        }
        if (depth > DEPTH_MAX) {
            throw invalid("indexes lead to indexes more than %d times".formatted(DEPTH_MAX));
        }
        for (ImageIndex.Entry entry : index.entries()) {
            if (!entry.os()
                    .equals(UNKNOWN)) { // What builders attest about an image stands beside it under this platform.
                collect(entry, depth);
            }
        }
    }

    private void collect(ImageIndex.Entry entry, int depth) throws IOException {
        Platform platform = new Platform(entry.os(), entry.architecture());
        if (!host.accepts(platform)) {
            otherPlatforms.add(platform.toString());
            return;
        }
        byte[] document = spool.document(blob(entry.manifest(), "manifest"));
        switch (parse(document)) {
            case ImageIndex nested -> collect(nested, depth + 1);
            case ImageManifest manifest -> collect(entry.manifest(), new UploadedImage(document, manifest));
        }
    }

    private void collect(Descriptor descriptor, UploadedImage image) throws IOException {
        Platform platform = config(spool.document(blob(image.manifest().config(), "configuration")))
                .platform();
        if (host.accepts(platform)) {
            images.put(descriptor, image);
        } else {
            otherPlatforms.add(platform.toString());
        }
    }

    private UploadedImage single() {
        if (images.isEmpty()) {
            throw otherPlatforms.isEmpty()
                    ? invalid("the archive holds no image")
                    : host.refusal("the image in the archive", otherPlatforms);
        }
        if (images.values().stream().map(UploadedImage::manifest).distinct().count() > 1) {
            throw invalid("the archive holds %d images, upload one at a time".formatted(images.size()));
        }
        return images.values().iterator().next();
    }

    private SpooledFile blob(Descriptor descriptor, String what) {
        return spool.blob(descriptor.digest())
                .orElseThrow(() ->
                        invalid("the archive lacks the %s %s, or it is damaged".formatted(what, descriptor.digest())));
    }

    private static OciDocument parse(byte[] document) {
        try {
            return OciParser.parse(document);
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static ImageConfig config(byte[] document) {
        try {
            return ImageConfig.parse(document);
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.of(ErrorCode.IMAGE_INVALID, detail));
    }
}
