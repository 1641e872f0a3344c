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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images made to trick whoever starts them: S01 to S04 of the threat list. Every trick has a control: whoever follows the image's paths falls for it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class HostileImageIT {

    @TempDir
    private static Path folder;

    private static ProbeImage image;
    private static Cell cell;
    private static Path canary;
    private static String untouched;

    @BeforeAll
    static void open() throws IOException {
        Cell.assumePossible();
        image = ProbeImage.build(folder);
        cell = new Cell(folder);
        canary = Files.createDirectory(folder.resolve("canary"));
        Files.writeString(canary.resolve("file"), "untouched");
        Files.createFile(canary.resolve("null"));
        untouched = Fingerprint.of(canary);
    }

    @AfterEach
    void canaryIsAsItWas() {
        assertThat(Fingerprint.of(canary)).isEqualTo(untouched);
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
    }

    /** A runtime that mounts by the image's paths: on the host's own folder. In a mount namespace of its own, which goes with it. */
    @ParameterizedTest
    @ValueSource(strings = {"/proc", "/dev", "/sys", "/etc", "/tmp"})
    void mountByPathWouldGoWhereTheImageSays(String path) throws IOException {
        Path layer = Files.createDirectories(folder.resolve("layers/control" + path.replace('/', '-')));
        new Trap(path, "CANARY").set(layer);

        assertThat(unguarded("mount -t tmpfs tmpfs %s%s && stat -f -c %%T %s".formatted(layer, path, canary)))
                .isEqualTo("tmpfs");
    }

    /** A runtime that masks with the image's own {@code /dev/null}: the mask shows, and gives for writing, what that leads to. */
    @Test
    void maskByPathWouldShowWhatTheImageSays() throws IOException {
        Path layer = Files.createDirectories(folder.resolve("layers/control-mask"));
        new Trap("/dev/null", "CANARY/file").set(layer);

        assertThat(unguarded("mount --bind %s/dev/null /proc/version && cat /proc/version".formatted(layer)))
                .isEqualTo("untouched");
    }

    private static String unguarded(String command) {
        return Commands.run(List.of("unshare", "-m", "--propagation", "private", "sh", "-c", command))
                .strip();
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

    /** A runtime that has left a folder of the host open. */
    @Test
    void workingFolderWouldBeAWayOutByALeakedDescriptor() {
        assertThat(Commands.run(List.of(
                        "sh", "-c", "exec 7< %s && cd / && cd /proc/self/fd/7/. && cat file".formatted(canary))))
                .isEqualTo("untouched");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/exe", "/link", "/script", "/script-of-1"})
    void programOfTheRuntimeIsNotExecutedInside(String entrypoint) throws IOException {
        assumeTrue(new KernelProbe(Kernel.load()).landlock() > 0, "the host has no landlock");
        Path java = Path.of(ProcessHandle.current().info().command().orElseThrow());
        String before = Fingerprint.of(java);
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
        assertThat(Fingerprint.of(java)).isEqualTo(before);
    }

    /** A shell that executes such an image without a wall: its own program runs, and would be open to whoever gets at it meanwhile. */
    @Test
    void programOfTheRuntimeWouldBeExecutedOutside() throws IOException {
        Path script =
                Files.createDirectories(folder.resolve("layers/control-exe")).resolve("script");
        script(script, "#!/proc/self/exe\nreadlink /proc/$$/exe");

        assertThat(Commands.run(List.of("sh", "-c", "exec " + script)).strip())
                .isEqualTo(Path.of("/bin/sh").toRealPath().toString());
    }

    private static void script(Path path, String content) throws IOException {
        Files.writeString(path, content + "\n");
        assertThat(path.toFile().setExecutable(true, false)).isTrue();
    }
}
