package dev.wisp.node.escape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.KernelProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images made to trick whoever starts them: S01 to S04 of the threat list. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class HostileImageIT {

    @TempDir
    private static Path folder;

    private static ProbeImage image;
    private static Cell cell;
    private static Path canary;

    @BeforeAll
    static void open() throws IOException {
        Cell.assumePossible();
        image = ProbeImage.build(folder);
        cell = new Cell(folder);
        canary = Files.createDirectory(folder.resolve("canary"));
        Files.writeString(canary.resolve("file"), "untouched");
    }

    @AfterAll
    static void close() {
        if (cell != null) {
            cell.close();
        }
    }

    /** What a layer has at a path: a link to there, or with an empty target a folder, or with "file" and "fifo" these. */
    record Trap(String path, String target) {

        @Override
        public String toString() {
            return path + " -> " + target;
        }

        void set(Path layer) throws IOException {
            Path at = layer.resolve(path.substring(1));
            Files.createDirectories(at.getParent());
            switch (target) {
                case "" -> Files.createDirectories(at.resolve("self"));
                case "file" -> Files.writeString(at, "x");
                case "fifo" -> Commands.run(List.of("mkfifo", at.toString()));
                default -> Files.createSymbolicLink(at, Path.of(target.replace("CANARY", canary.toString())));
            }
        }
    }

    static Stream<Trap> traps() {
        Stream<Trap> whole = Stream.of("/proc", "/dev", "/sys", "/etc", "/tmp")
                .flatMap(path -> Stream.of(
                                "CANARY", "/", "../../../..", "/proc/self/root", "/proc/1/root", "file", "fifo", "")
                        .map(target -> new Trap(path, target)));
        Stream<Trap> below = Stream.of(
                        "/dev/null", "/dev/pts", "/dev/shm", "/dev/console", "/dev/pts/0", "/dev/fd", "/proc/self")
                .flatMap(path -> Stream.of("/proc/sys/kernel/core_pattern", "CANARY/file", "/proc/self/fd/0")
                        .map(target -> new Trap(path, target)));
        return Stream.concat(whole, below);
    }

    /** A trap below a mount point is covered, one at a mount point loses against the writable layer's real folder. */
    @ParameterizedTest
    @MethodSource("traps")
    void mountsGoWhereTheyBelong(Trap trap) throws IOException {
        Path layer = Files.createDirectories(folder.resolve(
                "layers/trap-" + Integer.toHexString(trap.toString().hashCode())));
        trap.set(layer);

        List<Verdict> verdicts = cell.run(List.of(image.layer, layer), "mounts");

        assertThat(verdicts).filteredOn(verdict -> !verdict.open()).isEmpty();
        assertThat(canary).isDirectoryContaining(file -> file.endsWith("file"));
        assertThat(canary.resolve("file")).hasContent("untouched");
    }

    static Stream<String> workingFolders() {
        return Stream.concat(
                IntStream.range(0, 65).mapToObj(number -> "/proc/self/fd/" + number),
                Stream.of(
                        "/proc/self/root",
                        "/proc/self/cwd",
                        "/proc/1/root/tmp",
                        "/proc/self/fd/4/..",
                        "/proc/thread-self/root"));
    }

    @ParameterizedTest
    @MethodSource("workingFolders")
    void workingFolderIsNoWayOut(String path) {
        ProcessSpec process = new ProcessSpec(List.of("/files"), Map.of(), path, "", 15);

        ProblemException refusal = catchThrowableOfType(
                ProblemException.class, () -> cell.start(cell.spec(List.of(image.layer), process, "folder")));

        assertThat(refusal.problem().detail()).startsWith("working directory " + path + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/exe", "/link", "/script", "/script-of-1"})
    void programOfTheRuntimeIsNotExecutedInside(String entrypoint) throws IOException {
        assumeTrue(new KernelProbe(Kernel.load()).landlock() > 0, "the host has no landlock");
        Path java = Path.of(ProcessHandle.current().info().command().orElseThrow());
        FileTime before = Files.getLastModifiedTime(java);
        Path layer = Files.createDirectories(folder.resolve("layers/exe"));
        if (Files.notExists(layer.resolve("link"))) {
            Files.createSymbolicLink(layer.resolve("link"), Path.of("/proc/self/exe"));
            script(layer.resolve("script"), "#!/proc/self/exe");
            script(layer.resolve("script-of-1"), "#!/proc/1/exe");
        }
        ProcessSpec process = new ProcessSpec(List.of(entrypoint), Map.of(), "/", "", 15);

        ProblemException refusal = catchThrowableOfType(
                ProblemException.class, () -> cell.start(cell.spec(List.of(image.layer, layer), process, "exe")));

        assertThat(refusal.problem().code()).isEqualTo("E1201");
        assertThat(refusal.problem().detail()).contains("EACCES");
        assertThat(Files.getLastModifiedTime(java)).isEqualTo(before);
    }

    private static void script(Path path, String content) throws IOException {
        Files.writeString(path, content + "\n");
        assertThat(path.toFile().setExecutable(true, false)).isTrue();
    }
}
