package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HomeTest {

    @Test
    void eachHomeHasItsOwnBranchOfControlGroups() {
        assertThat(new Home(Path.of("/var/lib/wisp")).branch()).isEqualTo("wisp");
        assertThat(new Home(Path.of("/srv/one")).branch()).matches("wisp-[0-9a-f]{8}");
        assertThat(new Home(Path.of("/srv/one")).branch()).isNotEqualTo(new Home(Path.of("/srv/two")).branch());
    }
}
