package dev.wisp.controller.serving;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.controller.revision.ImageSource;
import dev.wisp.controller.revision.PinnedImage;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/** A registry with three images: {@code hello}, {@code hello:2} and {@code bare}, which has no entrypoint. */
@Singleton
@Alternative
@Priority(1) // Instead of the real registry.
final class FakeImages implements ImageSource {

    @Override
    public PinnedImage pin(String reference) {
        return switch (reference) {
            case "registry.test/hello" -> image(reference, "a", List.of("/hello"));
            case "registry.test/hello:2" -> image(reference, "b", List.of("/hello"));
            case "registry.test/bare" -> image(reference, "c", List.of());
            default ->
                throw new ProblemException(
                        Problem.of(ErrorCode.IMAGE_NOT_FOUND, "image %s does not exist".formatted(reference)));
        };
    }

    private static PinnedImage image(String reference, String digit, List<String> entrypoint) {
        return new PinnedImage(
                new ImageRef(reference, "registry.test/hello", "sha256:" + digit.repeat(64), false),
                entrypoint,
                List.of(),
                Map.of("PATH", "/bin"),
                "",
                "",
                "",
                List.of());
    }
}
