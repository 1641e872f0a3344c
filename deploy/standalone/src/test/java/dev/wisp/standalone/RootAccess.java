package dev.wisp.standalone;

import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this host lets a test start sandboxes. */
final class RootAccess {

    static final String REASON = "sandboxes need root: run ./wisp test as root";

    private RootAccess() {}

    static boolean available() {
        return Files.isWritable(Path.of("/sys/fs/cgroup"))
                && System.getProperty("user.name").equals("root");
    }
}
