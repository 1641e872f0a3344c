package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.Restriction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes of an image, and a root that cannot be written. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FoldersIT {

    private static SandboxFixture fixture;

    @BeforeAll
    static void open() throws IOException {
        fixture = SandboxFixture.open("folders", 2);
        Path data = Files.createDirectories(fixture.layer.resolve("data"));
        Files.writeString(data.resolve("seed"), "from the image");
        Files.setPosixFilePermissions(data.resolve("seed"), PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setAttribute(data, "unix:uid", 1000);
        Files.setAttribute(data, "unix:gid", 1001);
        Files.writeString(fixture.layer.resolve("plain"), "");
        Files.createSymbolicLink(fixture.layer.resolve("link"), Path.of("/data"));
        Files.createSymbolicLink(fixture.layer.resolve("magic"), Path.of("/proc/self/fd/3"));
    }

    @AfterAll
    static void close() throws IOException {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Test
    void volumeHasContentAndOwnerOfTheImagesFolder() {
        in(List.of("/data", "/new/deep/"), "1000:1001", List.of(), sandbox -> {
            assertThat(fixture.ask(sandbox, "stat /data")).isEqualTo("1000 1001 40777");
            assertThat(fixture.ask(sandbox, "read /data/seed")).isEqualTo("from the image");
            assertThat(fixture.ask(sandbox, "write /data/own x")).isEqualTo("ok");
            assertThat(fixture.ask(sandbox, "stat /new/deep")).isEqualTo("0 0 40755");
        });
    }

    @Test
    void readOnlyRootLeavesVolumesAndTemporaryFiles() {
        in(List.of("/data", "/new/deep"), "", List.of(Restriction.READ_ONLY_ROOT), sandbox -> {
            assertThat(fixture.ask(sandbox, "write /own x")).isEqualTo("errno 30");
            assertThat(fixture.ask(sandbox, "write /etc/own x")).isEqualTo("errno 30");
            assertThat(fixture.ask(sandbox, "write /new/own x")).isEqualTo("errno 30");
            assertThat(fixture.ask(sandbox, "write /plain x")).isEqualTo("errno 30");
            assertThat(fixture.ask(sandbox, "write /tmp/own x")).isEqualTo("ok");
            assertThat(fixture.ask(sandbox, "write /dev/shm/own x")).isEqualTo("ok");
            assertThat(fixture.ask(sandbox, "write /data/own x")).isEqualTo("ok");
            assertThat(fixture.ask(sandbox, "write /data/seed x")).isEqualTo("ok");
            assertThat(fixture.ask(sandbox, "read /data/seed")).isEqualTo("xrom the image");
            assertThat(fixture.ask(sandbox, "write /new/deep/own x")).isEqualTo("ok");
            assertThat(fixture.ask(sandbox, "read /etc/hosts")).contains("localhost");
            assertThat(fixture.ask(sandbox, "cwd")).isEqualTo("/data");
        });
    }

    @Test
    void whatOneSandboxWritesToAVolumeNoOtherSees() throws IOException {
        in(
                List.of("/data"),
                "",
                List.of(Restriction.READ_ONLY_ROOT),
                sandbox ->
                        assertThat(fixture.ask(sandbox, "write /data/seed x")).isEqualTo("ok"));

        in(
                List.of("/data"),
                "",
                List.of(),
                sandbox -> assertThat(fixture.ask(sandbox, "read /data/seed")).isEqualTo("from the image"));
        assertThat(fixture.layer.resolve("data/seed")).hasContent("from the image");
    }

    @Test
    void volumesAreBoundedByTheWritableLayer() {
        in(List.of("/data"), "", List.of(Restriction.READ_ONLY_ROOT), sandbox -> {
            String[] answer = fixture.ask(sandbox, "fill /data/big").split(" ");

            assertThat(Long.parseLong(answer[0])).isBetween(3L << 20, 4L << 20);
            assertThat(answer[1]).isEqualTo("28");
        });
    }

    @Test
    void asManyVolumesAsThereMayBeDoNotHoldDescriptors() {
        List<String> many = IntStream.range(0, 16).mapToObj(i -> "/v/x/y" + i).toList();

        in(many, "", List.of(Restriction.READ_ONLY_ROOT), sandbox -> {
            assertThat(fixture.ask(sandbox, "write /v/x/y15/own x")).isEqualTo("ok");
            assertThat(fixture.ask(sandbox, "list /proc/self/fd").lines().filter(line -> line.contains(" -> /v")))
                    .isEmpty();
        });
    }

    @Test
    void volumeThroughALinkIsTheFolderItLeadsToInside() {
        in(
                List.of("/link"),
                "",
                List.of(Restriction.READ_ONLY_ROOT),
                sandbox -> assertThat(fixture.ask(sandbox, "write /data/own x")).isEqualTo("ok"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/probe", "/magic"})
    void volumeThatIsNoFolderIsToldWhenItHasToBeOpened(String path) {
        Problem problem = problem(List.of(path), "", List.of(Restriction.READ_ONLY_ROOT));

        assertThat(problem.code()).isEqualTo("E1204");
        assertThat(problem.detail()).startsWith("volume " + path + ": E");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "data",
                "/proc",
                "/proc/sys",
                "/sys/x",
                "/dev/shm",
                "/a/../b",
                "/./a",
                "//a",
                "/a//b",
                "/..",
                ""
            })
    void volumeThatIsNoPlainPathIsRefused(String path) {
        assertThat(problem(List.of(path), "", List.of()).code()).isEqualTo("E1801");
    }

    @Test
    void rootIsRefusedWhereTheServiceWantsNone() {
        assertThat(problem(List.of(), "", List.of(Restriction.NO_ROOT_USER)).detail())
                .isEqualTo("the service has runAsNonRoot, and the image's user '' is root: set runAsUser");
        assertThat(problem(List.of(), "0:7", List.of(Restriction.NO_ROOT_USER)).code())
                .isEqualTo("E1801");
        in(
                List.of(),
                "7",
                List.of(Restriction.NO_ROOT_USER),
                sandbox -> assertThat(fixture.ask(sandbox, "who")).isEqualTo("7:0 /"));
    }

    private static void in(List<String> volumes, String user, List<Restriction> restrictions, Consumer<Sandbox> test) {
        Sandbox sandbox = start(volumes, user, restrictions);
        try {
            test.accept(sandbox);
        } finally {
            sandbox.stop(Duration.ZERO);
        }
    }

    private static Problem problem(List<String> volumes, String user, List<Restriction> restrictions) {
        return catchThrowableOfType(ProblemException.class, () -> start(volumes, user, restrictions))
                .problem();
    }

    private static Sandbox start(List<String> volumes, String user, List<Restriction> restrictions) {
        ProcessSpec process = new ProcessSpec(
                List.of("/probe", "serve"), Map.of(), "/data", user, 15, List.of(), volumes, restrictions);
        return fixture.runtime().start(fixture.spec(SandboxFixture.limits(64), process, List.of(fixture.layer)));
    }
}
