package dev.wisp.controller.revision;

/** Where images come from. */
public interface ImageSource {

    /**
     * Pins an image reference to the digest it has now and reads its configuration. Blocks for at most the registry's timeouts; throws
     * {@link dev.wisp.contracts.problem.ProblemException} with a code of the group E11 when it cannot.
     */
    PinnedImage pin(String reference);
}
