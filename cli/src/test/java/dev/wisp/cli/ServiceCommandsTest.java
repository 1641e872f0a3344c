package dev.wisp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.cli.Terminal.Result;
import dev.wisp.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceCommandsTest {

    private final FakePlatform platform = new FakePlatform();
    private final Terminal terminal = new Terminal().with("WISP_API", platform.url());

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void deploysANewServiceAndPrintsItsUrlAloneOnStandardOutput() {
        Result result = terminal.run(
                "deploy",
                "hello",
                "--image",
                "registry.test/hello:1",
                "--memory",
                "128Mi",
                "-e",
                "A=b=c",
                "--min",
                "1",
                "--keep-alive",
                "5s",
                "--port",
                "9000");

        assertThat(result.out()).isEqualTo("http://hello.default.localhost:%d%n".formatted(platform.port()));
        assertThat(result.err().replaceAll("\\d+\\.\\d\\ds", "0.00s")).isEqualTo("""
                        Deploying service 'hello' in namespace 'default'
                          0.00s  Request accepted  revision hello-00001
                          0.00s  Image pulled      1 layer, in 12.00 ms
                          0.00s  Instance started  port 8080, in 2.50 ms
                          0.00s  Ready             100% hello-00001
                        """);
        assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(platform.service("hello").path("spec").toString())
                .isEqualTo(
                        "{\"template\":{\"spec\":{\"containers\":[{\"image\":\"registry.test/hello:1\","
                                + "\"ports\":[{\"containerPort\":9000}],\"resources\":{\"limits\":{\"memory\":\"128Mi\"}},"
                                + "\"env\":[{\"name\":\"A\",\"value\":\"b=c\"}]}]},"
                                + "\"metadata\":{\"annotations\":{\"autoscaling.knative.dev/min-scale\":\"1\",\"wisp.dev/keep-alive\":\"5s\"}}}}");
    }

    @Test
    void changesOnlyWhatIsGivenAndSendsTheVersionItChanged() {
        terminal.run("deploy", "hello", "--image", "a", "-e", "KEEP=1", "-e", "DROP=2");

        Result result = terminal.run("deploy", "hello", "--concurrency", "4", "-e", "DROP-");

        assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(platform.service("hello")
                        .path("spec")
                        .path("template")
                        .path("spec")
                        .toString())
                .isEqualTo(
                        "{\"containers\":[{\"image\":\"a\",\"env\":[{\"name\":\"KEEP\",\"value\":\"1\"}]}],\"containerConcurrency\":4}");
        assertThat(platform.requests())
                .anyMatch(line -> line.startsWith("PUT ") && line.contains("\"resourceVersion\":\"71\""));
    }

    @Test
    void uploadsAnArchiveAndDeploysItByDigest() throws IOException {
        Path archive = Files.write(folder.resolve("image.tar"), new byte[300_000]);
        platform.answer(
                "POST /v1/images",
                201,
                "{\"reference\":\"wisp.local/hello:latest\",\"digest\":\"sha256:ab\",\"layers\":1,\"bytes\":300000}");

        Result result = terminal.run("deploy", "hello", "--archive", archive.toString(), "--no-wait");

        assertThat(result.err()).contains("Image uploaded    wisp.local/hello:latest, 1 layer, 293.0 KiB");
        assertThat(platform.requests()).contains("POST /v1/images?name=hello 300000 bytes");
        assertThat(platform.service("hello").toString()).contains("\"image\":\"wisp.local/hello:latest@sha256:ab\"");
    }

    @Test
    void sendsALayoutFolderAsOneArchive() throws IOException {
        Files.writeString(folder.resolve("oci-layout"), "{}");
        Files.createDirectories(folder.resolve("blobs/sha256"));
        Files.write(folder.resolve("blobs/sha256/ab"), new byte[10_000]);
        platform.answer(
                "POST /v1/images",
                201,
                "{\"reference\":\"r@sha256:1\",\"digest\":\"sha256:1\",\"layers\":1,\"bytes\":9}");

        Result result = terminal.run("deploy", "hello", "--layout", folder.toString(), "--no-wait");

        assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(platform.requests())
                .anyMatch(line -> line.matches("POST /v1/images\\?name=hello 1[1-5]\\d\\d\\d bytes"));
    }

    @Test
    void saysWhyADeploymentFailedWhatProvesItAndWhatToDo() {
        platform.failing(
                "{\"code\":\"E1203\",\"status\":504,\"detail\":\"revision 'hello-00001' did not listen on port 8080 within 10s\","
                        + "\"evidence\":[\"Error: Cannot find module\"],\"hint\":\"wisp deploy hello --port PORT\"}");

        Result result = terminal.run("deploy", "hello", "--image", "a");

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).endsWith("""
                        error: revision 'hello-00001' did not listen on port 8080 within 10s   [E1203]
                          traffic stays on hello-00001
                            | Error: Cannot find module
                          try: wisp deploy hello --port PORT
                          try: wisp logs hello ; wisp services describe hello
                          see: docs/reference/errors.md#e1203
                        """);
    }

    @Test
    void dryRunPrintsTheServiceAndSendsNothing() {
        Result result = terminal.run("deploy", "hello", "--image", "a", "--dry-run");

        assertThat(result.out()).isEqualTo("""
                        apiVersion: serving.knative.dev/v1
                        kind: Service
                        metadata:
                          name: hello
                          namespace: default
                        spec:
                          template:
                            spec:
                              containers:
                              - image: a
                        """);
        assertThat(platform.requests()).noneMatch(line -> line.startsWith("P"));
    }

    @Test
    void readsAServiceFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("s.yaml"), """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: filed}
                spec: {template: {metadata: {name: filed-mine}, spec: {containers: [{image: a}]}}}
                """);

        Result result = terminal.run("deploy", "-f", file.toString(), "--max", "3");

        assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(platform.service("filed").toString())
                .contains("filed-mine", "\"autoscaling.knative.dev/max-scale\":\"3\"");
    }

    @Test
    void refusesUnusableInputBeforeAnythingIsSent() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "a: [");

        assertThat(terminal.run("deploy").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("deploy", "new-one").err()).contains("'new-one' is new and needs an image");
        assertThat(terminal.run("deploy", "-f", broken.toString()).exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("deploy", "a", "--image", "b", "-e", "=x").err())
                .contains("'=x' is neither NAME=VALUE nor NAME-");
        assertThat(terminal.run("deploy", "a", "--image", "b", "--archive", "c").exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("deploy", "a", "--archive", "/nonexistent").exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(platform.requests()).noneMatch(line -> line.startsWith("P"));
    }

    @Test
    void listsServicesInEveryFormat() {
        terminal.run("deploy", "hello", "--image", "a");
        platform.answer(
                "GET /apis/serving.knative.dev/v1/namespaces/default/services",
                200,
                "{\"items\":[" + platform.service("hello") + "]}");

        assertThat(terminal.run("services", "list").out().lines().map(line -> line.split(" +")[0]))
                .containsExactly("NAME", "hello");
        assertThat(terminal.run("services", "list", "--no-headers").out())
                .startsWith("hello  http://")
                .doesNotContain("NAME");
        assertThat(terminal.run("services", "list", "-q").out()).isEqualTo("hello\n");
        assertThat(terminal.run("services", "list", "-o", "json").out()).startsWith("{\n  \"items\" : [");
        assertThat(terminal.run("services", "list", "-o", "yaml").out()).startsWith("items:\n- apiVersion:");
    }

    @Test
    void deletesAndSaysWhatIsNotThere() {
        terminal.run("deploy", "hello", "--image", "a");

        assertThat(terminal.run("services", "delete", "hello").err())
                .isEqualTo("deleted service 'hello' in namespace 'default'\n");
        Result missing = terminal.run("services", "describe", "hello");

        assertThat(missing.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(missing.err()).startsWith("error: service 'hello' does not exist   [E1803]\n");
    }
}
