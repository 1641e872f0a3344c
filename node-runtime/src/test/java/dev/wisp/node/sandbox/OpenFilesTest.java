package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {

    private static final Path SELF = Path.of("/proc/self");

    @TempDir
    Path folder;

    @Test
    @SuppressWarnings("MustBeClosed") // All are, in the end.
    void countsThemWhereTheKernelDoesNotSay() throws IOException {
        long before = OpenFiles.counted(SELF, 1);
        List<InputStream> opened = new ArrayList<>();
        try {
            Path file = Files.createFile(folder.resolve("file"));
            for (int i = 0; i < 300; i++) {
                opened.add(Files.newInputStream(file));
            }

            assertThat(OpenFiles.counted(SELF, 256)).isCloseTo(before + 300, within(20L));
        } finally {
            for (InputStream each : opened) {
                each.close();
            }
        }
    }

    @Test
    void doesNotCountWhatCannotBeMany() {
        assertThat(OpenFiles.counted(SELF, Integer.MAX_VALUE)).isZero();
    }

    @Test
    void aProcessThatIsGoneHasNone() {
        assertThat(OpenFiles.of(Path.of("/proc/2147483647"), 1)).isZero();
    }

    /** A file says its size, as the folder does from Linux 6.2 on. */
    @Test
    void believesTheKernel() throws IOException {
        Files.writeString(folder.resolve("fd"), "1234");

        assertThat(OpenFiles.of(folder, 1)).isEqualTo(4);
    }
}
