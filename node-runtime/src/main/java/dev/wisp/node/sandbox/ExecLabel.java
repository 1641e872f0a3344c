package dev.wisp.node.sandbox;

/**
 * What a child tells the host's security module right before it executes the entrypoint.
 *
 * @param step what that is called when it fails
 * @param file of the child's own {@code /proc} that takes it
 * @param text written there in one call
 */
record ExecLabel(String step, String file, String text) {}
