package dev.wisp.node.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On plain folders: one that holds a file cannot be removed, as a group that holds a process cannot. */
final class CgroupLeftoversTest {

    private static final Duration PATIENCE = Duration.ofMillis(50);
    /** Each takes a pause of 2 ms at least, so that all together take longer than the patience. */
    private static final int GROUPS = 60;

    private final Kernel kernel = Kernel.load();
    private final CgroupLeftovers leftovers =
            new CgroupLeftovers(new Descriptors(kernel), new GroupKill(new Processes(kernel)), PATIENCE);

    @TempDir
    private Path root;

    /** A runtime that held thousands and was killed must not keep the next one from starting. */
    @Test
    void manyMayTakeLongerThanOne() throws IOException {
        for (int i = 0; i < GROUPS; i++) {
            Files.createFile(Files.createDirectory(root.resolve("group-" + i)).resolve("process"));
        }

        int removed = leftovers.remove(List.of(root.toString()), this::thaw);

        assertThat(removed).isEqualTo(GROUPS);
        assertThat(root).isEmptyDirectory();
    }

    private void thaw(String group) {
        try {
            Files.deleteIfExists(root.resolve(group).resolve("process"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void oneThatDoesNotEndIsNamed() throws IOException {
        Path group = Files.createDirectory(root.resolve("group"));
        Files.createFile(group.resolve("process"));

        assertThatThrownBy(() -> leftovers.remove(List.of(root.toString()), _ -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(group.toString());
    }
}
