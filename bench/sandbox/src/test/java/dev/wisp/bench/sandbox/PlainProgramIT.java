package dev.wisp.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.sandbox.FirstAnswer.Question;
import dev.wisp.contracts.revision.ProcessSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainProgramIT {

    private static final Path PROGRAM =
            Path.of("../../deploy/samples/target/hello/hello").toAbsolutePath().normalize();
    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    Path layer;

    @BeforeEach
    void makeImage() throws Exception {
        assumeTrue(Programs.isRoot(), "needs root");
        assumeTrue(Files.isExecutable(PROGRAM), "needs the sample program");
        assumeTrue(Programs.find("ip").isPresent(), "needs ip: apt-get install iproute2");
        Path copy = Files.copy(PROGRAM, layer.resolve("hello"));
        assertThat(copy.toFile().setExecutable(true, false)).isTrue();
        assertThat(layer.toFile().setExecutable(true, false)).isTrue();
        Files.writeString(
                Files.createDirectory(layer.resolve("etc")).resolve("passwd"),
                "root:x:0:0:root:/:/bin/sh\nsomebody:x:1234:5678::/:/bin/sh\n");
    }

    @Test
    void programsOfImagesAnswerAsTheirUserAndAreGoneAfterwards() {
        try (PlainProgram program = open("somebody:users")) {
            for (int i = 0; i < 3; i++) {
                assertThat(program.startMicros(new Question(GET, "HTTP/1.1 200 "), SandboxHost.PORT))
                        .isBetween(100L, 5_000_000L);
            }
        }
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void anAnswerThatIsNotTheExpectedOneIsShown() {
        try (PlainProgram program = open("1234")) {
            assertThatThrownBy(() -> program.startMicros(new Question(GET, "+PONG"), SandboxHost.PORT))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("the server answered: HTTP/1.1 200 ");
        }
    }

    private PlainProgram open(String user) {
        ProcessSpec process = new ProcessSpec(List.of("/hello"), Map.of("LOG", "off"), "/", user, 15);
        return new PlainProgram(layer, process, SandboxHost.PORT);
    }
}
