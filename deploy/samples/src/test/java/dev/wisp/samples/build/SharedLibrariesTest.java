package dev.wisp.samples.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SharedLibrariesTest {

    @Test
    void readsWhatLddPrintsAndLeavesOutWhatHasNoFile() {
        String printed = """
                \tlinux-vdso.so.1 (0x00007ffc0a5f2000)
                \tlibjvm.so => not found
                \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f1b5c000000)
                \t/lib64/ld-linux-x86-64.so.2 (0x00007f1b5c3d1000)
                """;

        assertThat(SharedLibraries.parse(printed))
                .containsExactly(Path.of("/lib/x86_64-linux-gnu/libc.so.6"), Path.of("/lib64/ld-linux-x86-64.so.2"));
    }
}
