package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.Descriptor;
import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.oci.ImageIndex;
import dev.wisp.contracts.oci.ImageManifest;
import dev.wisp.contracts.oci.OciDocument;
import dev.wisp.contracts.oci.OciParser;
import dev.wisp.contracts.oci.RegistryClient;
import dev.wisp.contracts.oci.RegistryRepository;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ImageRef;
import java.util.Optional;

/** Resolves references at registries, and those of uploaded images at the store beside it. */
final class RegistryImageResolver implements ImageResolver {

    private final UploadedImages uploads;
    private final RegistryClient registries;
    private final Platform host;

    /** {@code host:port} under which nodes reach the uploads. */
    private final String uploadsAddress;

    RegistryImageResolver(UploadedImages uploads, RegistryClient registries, Platform host, String uploadsAddress) {
        this.uploads = uploads;
        this.registries = registries;
        this.host = host;
        this.uploadsAddress = uploadsAddress;
    }

    @Override
    public ResolvedImage resolve(String text) {
        Reference reference = Reference.parse(text);
        try {
            return reference.isUpload()
                    ? resolve(
                            reference, uploads.source(reference.path()), uploadsAddress + "/" + reference.path(), true)
                    : resolve(reference, remote(reference), reference.repository(), reference.isInsecure());
        } catch (ProblemException e) {
            throw named(reference, e);
        } catch (IllegalArgumentException e) {
            throw named(reference, new ProblemException(Problem.of(ErrorCode.IMAGE_INVALID, "" + e.getMessage()), e));
        }
    }

    private ImageSource remote(Reference reference) {
        RegistryRepository repository = registries.repository(reference.repository(), reference.isInsecure());
        return new ImageSource() {
            @Override
            public byte[] manifest(String tag) {
                return repository.manifest(tag);
            }

            @Override
            public byte[] manifest(Digest digest) {
                return repository.manifest(digest);
            }

            @Override
            public byte[] document(Descriptor blob) {
                return repository.document(blob);
            }
        };
    }

    private ResolvedImage resolve(Reference reference, ImageSource source, String repository, boolean insecure) {
        Digest pinned = reference.digest();
        byte[] document = pinned == null ? source.manifest(reference.tag()) : source.manifest(pinned);
        OciDocument parsed = OciParser.parse(document);
        if (parsed instanceof ImageIndex index) {
            document = source.manifest(pick(index).manifest().digest());
            parsed = OciParser.parse(document);
        }
        if (!(parsed instanceof ImageManifest manifest)) {
            throw new IllegalArgumentException("an index leads to an index instead of an image");
        }
        ImageConfig config = ImageConfig.parse(source.document(manifest.config()));
        if (!host.accepts(config.platform())) {
            throw host.refusal("it", java.util.List.of(config.platform().toString()));
        }
        String digest = Digest.of(document).toString();
        return new ResolvedImage(
                new ImageRef(reference.text(), repository, digest, insecure),
                config,
                manifest.layers().size(),
                manifest.layerBytes());
    }

    private ImageIndex.Entry pick(ImageIndex index) {
        Optional<ImageIndex.Entry> entry = index.forPlatform(host.os(), host.architecture());
        return entry.orElseThrow(() -> host.refusal(
                "it",
                index.entries().stream()
                        .map(ImageIndex.Entry::platform)
                        .filter(platform -> !platform.startsWith("unknown"))
                        .distinct()
                        .limit(20)
                        .toList()));
    }

    private static ProblemException named(Reference reference, ProblemException e) {
        Problem problem = e.problem();
        boolean absent = problem.code().equals(ErrorCode.IMAGE_NOT_FOUND.code());
        String detail = absent
                ? "no image '%s': %s".formatted(reference.text(), problem.detail())
                : "image '%s': %s".formatted(reference.text(), problem.detail());
        Problem named = new Problem(
                problem.type(),
                problem.title(),
                problem.status(),
                detail,
                problem.instance(),
                problem.code(),
                problem.evidence(),
                problem.errors(),
                absent ? "push it first, or upload it with: wisp deploy NAME --archive FILE" : problem.hint());
        return new ProblemException(named, e);
    }
}
