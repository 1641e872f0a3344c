package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

    /** What an image may have in place of the file; none is waited for, followed or believed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fifo",
                "folder",
                "link within",
                "link out",
                "link to itself",
                "link to proc",
                "dangling",
                "whiteout"
            })
    void whatIsNotAFileNamesNobody(String kind) throws IOException, InterruptedException {
        Path passwd = base.resolve("etc/passwd");
        Files.delete(passwd);
        switch (kind) {
            case "fifo" -> make("mkfifo", passwd.toString());
            case "whiteout" -> {
                assumeTrue("root".equals(System.getProperty("user.name")), "device nodes need root");
                make("mknod", passwd.toString(), "c", "0", "0");
            }
            case "folder" -> Files.createDirectory(passwd);
            case "link within" -> Files.createSymbolicLink(passwd, Path.of("group"));
            case "link out" -> Files.createSymbolicLink(passwd, Path.of("/etc/passwd"));
            case "link to itself" -> Files.createSymbolicLink(passwd, Path.of("passwd"));
            case "link to proc" -> Files.createSymbolicLink(passwd, Path.of("/proc/self/environ"));
            default -> Files.createSymbolicLink(passwd, Path.of("/nowhere"));
        }

        assertThatThrownBy(() -> resolve("daemon")).isInstanceOf(ProblemException.class);
        assertThat(resolve("")).isEqualTo(ImageUser.ROOT);
        assertThat(resolve("7")).isEqualTo(new ImageUser(7, 0, List.of(), "/"));
    }

    @Test
    void homeThatIsNoPathIsNotHandedOn() throws IOException {
        Files.writeString(base.resolve("etc/passwd"), "app:x:1:1::/a\0LD_PRELOAD=x:/bin/sh\n");

        assertThat(resolve("app").home()).isEqualTo("/");
    }

    @Test
    void endlessGroupsAreCut() throws IOException {
        StringBuilder groups = new StringBuilder();
        for (int i = 1; i <= 1000; i++) {
            groups.append("g").append(i).append(":x:").append(i).append(":app\n");
        }
        Files.writeString(base.resolve("etc/group"), groups);

        assertThat(resolve("app").groups()).hasSize(64);
    }

    private static void make(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    private ImageUser resolve(String user) {
        return users.resolve(List.of(base, top), user);
    }
}
