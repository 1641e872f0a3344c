package dev.wisp.controller.registry;

/** Turns what a user wrote as an image into a digest and a configuration. Thread-safe. */
public interface ImageResolver {

    /**
     * Asks the reference's registry, or the store of uploads for {@code wisp.local/…}. Blocks for some round trips, each bounded by
     * {@code wisp.controller.registry.answer-timeout}; call it from a thread that may.
     *
     * @throws dev.wisp.contracts.problem.ProblemException E1101 not found, E1102 registry unreachable, E1103 not an image or not a
     *     reference, E1107 for another platform; each text names the reference
     */
    ResolvedImage resolve(String reference);
}
