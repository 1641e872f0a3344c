package dev.wisp.node.sandbox;

/**
 * How a sandbox's entrypoint ended.
 *
 * @param exitCode its exit code, or 128 plus the signal that killed it
 * @param outOfMemory whether the kernel killed a process of the sandbox for passing its memory limit
 * @param memoryDetail for people: which process that was and how much memory there was at most, empty when not known
 */
public record SandboxExit(int exitCode, boolean outOfMemory, String memoryDetail) {

    public SandboxExit(int exitCode, boolean outOfMemory) {
        this(exitCode, outOfMemory, "");
    }
}
