package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.node.linux.ImageFiles;
import dev.wisp.node.linux.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageUsersTest {

    private static final String PASSWD =
            "root:x:0:0::/root:/bin/sh\napp:x:100:101::/home/app:/bin/sh\nbad line\nfar:x:99999:1::/:/x\n";

    @TempDir
    private Path folder;

    private Path base;
    private Path top;
    private final ImageUsers users = new ImageUsers(new ImageFiles(Kernel.load()));

    @BeforeEach
    void layers() throws IOException {
        base = Files.createDirectories(folder.resolve("base"));
        top = Files.createDirectories(folder.resolve("top"));
        Files.createDirectories(base.resolve("etc"));
        Files.writeString(base.resolve("etc/passwd"), PASSWD);
        Files.writeString(base.resolve("etc/group"), "app:x:101:\nweb:x:33:other,app\n");
    }

    @Test
    void namesComeFromTheTopmostLayerThatHasTheFile() throws IOException {
        assertThat(resolve("app")).isEqualTo(new ImageUser(100, 101, List.of(33), "/home/app"));

        Files.createDirectories(top.resolve("etc"));
        Files.writeString(top.resolve("etc/passwd"), "app:x:7:8::/srv:/bin/sh\n");

        assertThat(new ImageUsers(new ImageFiles(Kernel.load())).resolve(List.of(base, top), "app"))
                .isEqualTo(new ImageUser(7, 8, List.of(33), "/srv"));
    }

    @Test
    void numbersNeedNoEntryButUseOne() {
        assertThat(resolve("100")).isEqualTo(new ImageUser(100, 101, List.of(33), "/home/app"));
        assertThat(resolve("555")).isEqualTo(new ImageUser(555, 0, List.of(), "/"));
        assertThat(resolve("555:web")).isEqualTo(new ImageUser(555, 33, List.of(), "/"));
        assertThat(resolve("")).isEqualTo(ImageUser.ROOT);
        assertThat(resolve("0")).isEqualTo(ImageUser.ROOT);
        assertThat(resolve("root:web")).isEqualTo(new ImageUser(0, 33, List.of(), "/root"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "far",
                "app:nobody",
                "65536",
                "99999999999999999999",
                "-1",
                "1:-1",
                ":",
                ":0",
                "a b",
                "../x",
                "0x0",
                "1e3",
                "4294967296",
                "app:",
                "٣"
            })
    void refusesWhoeverIsNotThereAndNeverMakesThemRoot(String user) {
        assertThatThrownBy(() -> resolve(user)).isInstanceOf(ProblemException.class);
    }

    @Test
    void fileBehindASymbolicLinkIsNotRead() throws IOException {
        Files.delete(base.resolve("etc/passwd"));
        Files.createSymbolicLink(base.resolve("etc/passwd"), Path.of("/etc/passwd"));

        assertThatThrownBy(() -> resolve("daemon")).isInstanceOf(ProblemException.class);
    }

    @Test
    void fileThatIsTooLargeIsNotRead() throws IOException {
        Files.writeString(base.resolve("etc/passwd"), PASSWD + "x".repeat(ImageFiles.BYTES_MAX));

        assertThatThrownBy(() -> resolve("app")).isInstanceOf(ProblemException.class);
    }

    private ImageUser resolve(String user) {
        return users.resolve(List.of(base, top), user);
    }
}
