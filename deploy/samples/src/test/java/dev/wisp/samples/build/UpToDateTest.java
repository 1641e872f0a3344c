package dev.wisp.samples.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpToDateTest {

    @TempDir
    Path folder;

    @Test
    void isUpToDateOnlyWhenEveryOutputIsThereAndNotOlderThanAnySource() throws IOException {
        Path source = file("src/a", 1_000);
        Path output = file("out", 2_000);

        assertThat(UpToDate.check(List.of(output), List.of(source))).isTrue();
        assertThat(UpToDate.check(List.of(output, folder.resolve("missing")), List.of(source)))
                .isFalse();
        file("src/b", 3_000);
        Files.setLastModifiedTime(source.getParent(), FileTime.fromMillis(1_000));
        assertThat(UpToDate.check(List.of(output), List.of(source.getParent()))).isFalse();
    }

    private Path file(String name, long modifiedMillis) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
        return Files.setLastModifiedTime(file, FileTime.fromMillis(modifiedMillis));
    }
}
