package dev.wisp.controller.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.RevisionSpec.Protocol;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.controller.policy.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ProcessPolicyTest {

    private static final ImageRef IMAGE = new ImageRef("i", "r/i", "sha256:0", false);

    /** What image and service say, and what is executed. */
    record Case(
            List<String> entrypoint, List<String> cmd, List<String> command, List<String> args, List<String> argv) {}

    static Stream<Case> merged() {
        List<String> none = List.of();
        return Stream.of(
                new Case(List.of("e"), List.of("c"), none, none, List.of("e", "c")),
                new Case(List.of("e"), List.of("c"), List.of("k"), none, List.of("k")),
                new Case(List.of("e"), List.of("c"), none, List.of("a"), List.of("e", "a")),
                new Case(List.of("e"), List.of("c"), List.of("k"), List.of("a"), List.of("k", "a")),
                new Case(none, List.of("c"), none, none, List.of("c")),
                new Case(none, List.of("c"), none, List.of("a"), List.of("a")),
                new Case(none, none, List.of("k"), none, List.of("k")));
    }

    @ParameterizedTest
    @MethodSource
    void merged(Case given) {
        PinnedImage image = new PinnedImage(IMAGE, given.entrypoint(), given.cmd(), Map.of(), "", "", "", List.of());
        Workload workload = workload(given.command(), given.args(), Map.of(), null, null);

        Optional<ProcessSpec> process = ProcessPolicy.process(image, workload);

        assertThat(process.orElseThrow().argv()).isEqualTo(given.argv());
    }

    @Test
    void hasNothingToExecuteWithoutEntrypointAndCommand() {
        PinnedImage image = new PinnedImage(IMAGE, List.of(), List.of(), Map.of(), "", "", "", List.of());

        assertThat(ProcessPolicy.process(image, workload(List.of(), List.of(), Map.of(), null, null)))
                .isEmpty();
    }

    @Test
    void takesTheRestFromTheImage() {
        PinnedImage image = new PinnedImage(
                IMAGE,
                List.of("e"),
                List.of(),
                Map.of("A", "1", "B", "2"),
                "app",
                "nobody:users",
                "SIGQUIT",
                List.of());
        Workload workload = workload(List.of(), List.of(), Map.of("B", "3"), null, null);

        assertThat(ProcessPolicy.process(image, workload))
                .hasValue(new ProcessSpec(List.of("e"), Map.of("A", "1", "B", "3"), "/app", "nobody:users", 3));
    }

    @Test
    void letsTheServiceOverrideDirectoryAndUser() {
        PinnedImage image = new PinnedImage(IMAGE, List.of("e"), List.of(), Map.of(), "/app", "nobody", "", List.of());
        Workload workload = workload(List.of(), List.of(), Map.of(), "/work", "1000:7");

        assertThat(ProcessPolicy.process(image, workload))
                .hasValue(new ProcessSpec(List.of("e"), Map.of(), "/work", "1000:7", 15));
    }

    @Test
    void expandsVariablesOfTheServiceInOrder() {
        PinnedImage image = new PinnedImage(IMAGE, List.of(), List.of(), Map.of("I", "image"), "", "", "", List.of());
        Map<String, String> env = new LinkedHashMap<>();
        env.put("A", "1");
        env.put("B", "$(A)-$(C)");
        env.put("C", "3");
        Workload workload =
                workload(List.of("x"), List.of("$(B)", "$$(A)", "$(I)", "$", "$(A", "$(C)$(C)"), env, null, null);

        ProcessSpec process = ProcessPolicy.process(image, workload).orElseThrow();

        assertThat(process.argv()).containsExactly("x", "1-$(C)", "$(A)", "$(I)", "$", "$(A", "33");
    }

    @ParameterizedTest
    @CsvSource({
        "'',15",
        "SIGTERM,15",
        "term,15",
        "9,9",
        "SIGINT,2",
        "SIGRTMIN+3,37",
        "rtmax-2,62",
        "SIGRTMIN+31,15",
        "SIGRTMAX-31,15",
        "SIGRTMIN,34",
        "64,64",
        "65,15",
        "SIGIO,29",
        "SIGPOLL,29",
        "SYS,31",
        "SIGSIGTERM,15",
        "-9,15",
        "015,15",
        "' SIGINT ',2",
        "99,15",
        "nonsense,15",
        "0,15"
    })
    void knowsStopSignals(String text, int number) {
        assertThat(StopSignals.number(text)).isEqualTo(number);
    }

    private static Workload workload(
            List<String> command,
            List<String> args,
            Map<String, String> env,
            @Nullable String workingDir,
            @Nullable String user) {
        return new Workload(
                "i",
                command,
                args,
                env,
                workingDir,
                user,
                List.of(),
                List.of(),
                8080,
                Protocol.HTTP1,
                new Limits(1000, 256L << 20, 512, 64L << 20),
                0,
                300_000,
                10_000,
                ScalingSpec.DEFAULT,
                NetworkSpec.NONE,
                AsyncSpec.DEFAULT,
                PlacementSpec.ANYWHERE,
                Map.of());
    }
}
