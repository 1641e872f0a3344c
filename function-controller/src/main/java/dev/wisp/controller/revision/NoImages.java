package dev.wisp.controller.revision;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;

/** Stands where no registry is configured: no image can be found, and the user is told so. */
@Singleton
@DefaultBean
final class NoImages implements ImageSource {

    @Override
    public PinnedImage pin(String reference) {
        throw new ProblemException(Problem.of(
                ErrorCode.IMAGE_REGISTRY_UNREACHABLE,
                "image %s cannot be looked up: this process has no access to any registry".formatted(reference)));
    }
}
