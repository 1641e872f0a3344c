package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformProcessTest {

    @TempDir
    private Path home;

    @Test
    void whatIsNotReadyInTimeIsEnded() throws IOException {
        PlatformProcess never = PlatformProcess.on(home, List.of("sh", "-c", "exec sleep 600"), "127.0.0.1");
        never.launch();
        assertThat(never.running()).isTrue();

        assertThatThrownBy(() -> never.awaitReady(Duration.ofMillis(200)))
                .isInstanceOf(ConditionTimeoutException.class);

        assertThat(never.running()).isFalse();
    }
}
