package dev.wisp.node.sandbox;

/**
 * A sandbox that was killed and is not gone: a process in it hangs in the kernel, or its control group does not become empty. It keeps its ids and its group, so
 * that no other sandbox gets them.
 *
 * @param why what is still there
 */
public record StuckSandbox(String id, String why) {}
