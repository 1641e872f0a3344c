package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.ProcessSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SpecCheckTest {

    private static final LinuxSandboxConfig CONFIG =
            new LinuxSandboxConfig(Path.of("/layers"), "wisp", LinuxSandboxConfig.UID_BASE_DEFAULT, 16, 0, 0);
    private static final Path LAYER = Path.of("/layers/1");

    @Test
    void acceptsAnOrdinaryImage() {
        assertThatCode(() -> SpecCheck.check(spec("app-1", "/srv", Map.of(), LAYER), CONFIG))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesLayersThatAreNotTheNodesOwn() {
        assertThat(refusal("app-1", "/", Map.of(), Path.of("/etc"))).contains("layer /etc is not below");
        assertThat(refusal("app-1", "/", Map.of(), Path.of("/layers/../etc"))).contains("is not below");
        assertThat(refusal("app-1", "/", Map.of(), Path.of("/layers/a,upperdir=x")))
                .contains("must match");
        assertThat(refusal("app-1", "/", Map.of(), Path.of("/layers/a:b"))).contains("must match");
    }

    @Test
    void refusesMoreLayersThanTheKernelTakes() {
        Path[] layers = Collections.nCopies(128, LAYER).toArray(Path[]::new);
        Path[] longNames =
                Collections.nCopies(100, Path.of("/layers/" + "x".repeat(64))).toArray(Path[]::new);

        assertThat(refusal("app-1", "/", Map.of(), layers)).contains("128 layers");
        assertThat(refusal("app-1", "/", Map.of(), longNames)).contains("6500 characters");
    }

    @Test
    void refusesNamesThatCouldBePathsOrText() {
        assertThat(refusal("../x", "/", Map.of(), LAYER)).contains("id '../x'");
        assertThat(refusal("App", "/", Map.of(), LAYER)).contains("id 'App'");
    }

    @Test
    void refusesWorkingDirectoriesThatAreNotAbsoluteOrBounded() {
        assertThat(refusal("a", "srv", Map.of(), LAYER)).contains("is not absolute");
        assertThat(refusal("a", "/x".repeat(40), Map.of(), LAYER)).contains("deeper than 32");
        assertThat(refusal("a", "/a\0b", Map.of(), LAYER)).contains("NUL");
    }

    @Test
    void refusesEnvironmentsThatCannotBeExpressedOrAreTooLarge() {
        assertThat(refusal("a", "/", Map.of("A=B", "x"), LAYER)).contains("no valid name");
        assertThat(refusal("a", "/", Map.of("A", "x\0y"), LAYER)).contains("NUL");
        assertThat(refusal("a", "/", Map.of("A", "x".repeat(SpecCheck.ARGUMENT_BYTES_MAX)), LAYER))
                .contains("at most 524288");
    }

    private static String refusal(String id, String workingDir, Map<String, String> env, Path... layers) {
        return catchThrowableOfType(
                        ProblemException.class, () -> SpecCheck.check(spec(id, workingDir, env, layers), CONFIG))
                .problem()
                .detail();
    }

    private static SandboxSpec spec(String id, String workingDir, Map<String, String> env, Path... layers) {
        return new SandboxSpec(
                id,
                List.of(layers),
                new ProcessSpec(List.of("/app"), env, workingDir, "", 15),
                Map.of("PORT", "8080"),
                new Limits(1000, 64 << 20, 64, 1 << 20),
                8080,
                Duration.ofSeconds(1),
                (stream, at, line) -> {});
    }
}
