package dev.wisp.node.sandbox;

/**
 * How a sandbox's entrypoint ended.
 *
 * @param exitCode its exit code, or 128 plus the signal that killed it
 * @param outOfMemory whether the kernel killed a process of the sandbox for passing its memory limit
 */
public record SandboxExit(int exitCode, boolean outOfMemory) {}
