package dev.wisp.node.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Folders in memory where the host has such, since every unpacking ends in a sync of the whole file system. */
public final class MemoryFolder implements TempDirFactory {

    private static final Path MEMORY = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
        boolean usable = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).supportsFileAttributeView("user");
        return usable ? Files.createTempDirectory(MEMORY, "wisp") : Files.createTempDirectory("wisp");
    }
}
