package dev.wisp.node.escape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.Capability;
import dev.wisp.contracts.revision.ProcessSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a revision that asks for capabilities gets: these, inside, and nothing that leads out. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class CapabilityIT {

    @TempDir
    private static Path folder;

    private static ProbeImage image;
    private static Cell cell;

    @BeforeAll
    static void open() throws IOException {
        Cell.assumePossible();
        image = ProbeImage.build(folder);
        cell = new Cell(folder);
    }

    @AfterAll
    static void close() {
        if (cell != null) {
            cell.close();
        }
    }

    @Test
    void everythingThatCanBeAskedForOpensOnlyWhatItIsFor() {
        Set<String> open = open("calls", "", Capability.values());

        assertThat(open)
                .containsExactlyInAnyOrder(
                        "S11 chroot",
                        "S16 has a capability",
                        "S16 has a bounding capability",
                        "S16 setresuid to another",
                        "S16 setresgid to another");
    }

    @Test
    void oneIsNotAnother() {
        assertThat(open("calls", "", Capability.CHOWN))
                .containsExactlyInAnyOrder("S16 has a capability", "S16 has a bounding capability");
    }

    @Test
    void plainUserHasNoneWhateverIsAskedFor() {
        assertThat(open("calls", "1000:1000", Capability.values())).isEmpty();
    }

    @Test
    void filesAndProcessesOfTheHostStayOutOfReach() {
        assertThat(open("files", "", Capability.values())).isEmpty();
        // These three tell that a program has a capability, which here it was given.
        assertThat(open("processes", "", Capability.values())).allMatch(key -> key.startsWith("S16 "));
        assertThat(open("packets", "", Capability.values())).isEmpty();
    }

    private static Set<String> open(String program, String user, Capability... asked) {
        ProcessSpec process = new ProcessSpec(
                List.of("/" + program), Map.of(), "/", user, 15, Arrays.asList(asked), List.of(), List.of());
        return cell.run(image, process, program).stream()
                .filter(Verdict::open)
                .map(Verdict::key)
                .collect(Collectors.toSet());
    }
}
