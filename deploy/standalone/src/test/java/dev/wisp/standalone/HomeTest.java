package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.sandbox.LinuxSandboxConfig;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HomeTest {

    @Test
    void eachHomeHasItsOwnBranchOfControlGroups() {
        assertThat(new Home(Path.of("/var/lib/wisp")).branch()).isEqualTo("wisp");
        assertThat(new Home(Path.of("/srv/one")).branch()).matches("wisp-[0-9a-f]{8}");
        assertThat(new Home(Path.of("/srv/one")).branch()).isNotEqualTo(new Home(Path.of("/srv/two")).branch());
    }

    @Test
    void theDefaultHomesUserIdsAreNoOtherHomes() {
        long first = new Home(Path.of("/var/lib/wisp")).uidBase();
        long ids = 1_200L * LinuxSandboxConfig.IDS_OF_SANDBOX;

        Set<Long> others = IntStream.range(0, 1_000)
                .mapToObj(number -> new Home(Path.of("/srv/" + number)).uidBase())
                .collect(Collectors.toSet());

        assertThat(first).isEqualTo(LinuxSandboxConfig.UID_BASE_DEFAULT);
        assertThat(others).hasSize(15).allSatisfy(base -> {
            assertThat((base - first) % ids).isZero();
            assertThat(base).isGreaterThanOrEqualTo(first + ids);
            assertThat(base + 16_384L * LinuxSandboxConfig.IDS_OF_SANDBOX).isLessThan(1L << 32);
        });
    }

    @Test
    void aHomeKeepsItsUserIds() {
        assertThat(new Home(Path.of("/srv/one")).uidBase()).isEqualTo(new Home(Path.of("/srv/one")).uidBase());
    }
}
