package dev.wisp.controller.registry;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.util.Collection;

/** Operating system and processor architecture in the words of image configurations. */
record Platform(String os, String architecture) {

    /** What this host runs, and so what its nodes are taken to run. */
    static Platform host() {
        String name = System.getProperty("os.arch", "");
        return new Platform("linux", name.equals("aarch64") ? "arm64" : name);
    }

    /** Whether an image made for this one says so; one that says nothing is given the benefit of the doubt. */
    boolean accepts(Platform image) {
        return (image.os.isEmpty() || image.os.equals(os))
                && (image.architecture.isEmpty() || image.architecture.equals(architecture));
    }

    ProblemException refusal(String image, Collection<String> offered) {
        return new ProblemException(Problem.of(
                        ErrorCode.IMAGE_WRONG_PLATFORM,
                        "%s is for %s, this host runs %s".formatted(image, String.join(", ", offered), this))
                .withHint("build it for %s, for example with: docker build --platform %s".formatted(this, this)));
    }

    @Override
    public String toString() {
        return os + "/" + architecture;
    }
}
