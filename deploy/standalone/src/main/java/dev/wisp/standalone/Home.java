package dev.wisp.standalone;

import dev.wisp.node.sandbox.LinuxSandboxConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.UUID;

/**
 * The folder that holds everything a process keeps: {@code kafka}, {@code postgres}, {@code node}, {@code controller}, {@code gateway},
 * {@code run} (pid, lock, branch, startup phases) and {@code log}.
 */
record Home(Path folder) {

    static final String KEY = "wisp.home";

    private static final String DEFAULT = "/var/lib/wisp";

    /** Ranges of user ids for homes; as many as leave room above them for a node that is told to hold the most sandboxes it can. */
    private static final int ID_RANGES = 16;

    /** Beside a node's sandboxes, those that are parked or connected ahead. */
    private static final int PARKED_MAX = 200;

    private static final long IDS_OF_RANGE =
            (LinuxSandboxConfig.SANDBOXES_MAX_DEFAULT + PARKED_MAX) * (long) LinuxSandboxConfig.IDS_OF_SANDBOX;

    /** From the system property {@code wisp.home}, else the variable {@code WISP_HOME}, else {@code /var/lib/wisp}. */
    static Home resolve(Map<String, String> environment) {
        String folder = System.getProperty(KEY, environment.getOrDefault("WISP_HOME", DEFAULT));
        return new Home(Path.of(folder).toAbsolutePath().normalize());
    }

    /**
     * Name of the branch of control groups: a host has one set of them, so each home needs a name of its own. That of the default home is
     * the one people meet.
     */
    String branch() {
        return isDefault() ? "wisp" : "wisp-" + pathAsId().toString().substring(0, 8);
    }

    /**
     * First user id of the host for its sandboxes: two platforms that gave out the same would each take the other's processes for something
     * that was left behind. The default home has the first range alone; others share fifteen, so that two of them may still have the same.
     */
    long uidBase() {
        long range = isDefault() ? 0 : 1 + Long.remainderUnsigned(pathAsId().getLeastSignificantBits(), ID_RANGES - 1);
        return LinuxSandboxConfig.UID_BASE_DEFAULT + range * IDS_OF_RANGE;
    }

    private boolean isDefault() {
        return folder.toString().equals(DEFAULT);
    }

    private UUID pathAsId() {
        return UUID.nameUUIDFromBytes(folder.toString().getBytes(StandardCharsets.UTF_8));
    }

    Path run() {
        return folder.resolve("run");
    }

    /** Says how the branch of control groups is called, for whoever cleans up after a process that was killed. */
    Path branchFile() {
        return run().resolve("branch");
    }

    Path kafka() {
        return folder.resolve("kafka");
    }

    Path postgres() {
        return folder.resolve("postgres");
    }

    Path settings() {
        return folder.resolve("wisp.properties");
    }

    /**
     * Makes the folder and lets everyone pass through it, but not look: a sandbox mounts its layers as the unprivileged user it is, and
     * that user must be able to reach them whatever the umask was.
     */
    void create() throws IOException {
        Files.createDirectories(run());
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Files.createDirectories(folder.resolve("log"));
    }
}
