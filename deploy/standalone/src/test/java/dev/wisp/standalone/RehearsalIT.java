package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.node.metering.MeteringConfig;
import dev.wisp.node.metering.MeteringProxy;
import dev.wisp.node.sandbox.LinuxSandboxConfig;
import dev.wisp.node.sandbox.LinuxSandboxRuntime;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls a platform makes to itself before anybody else's. */
class RehearsalIT {

    private static final int CALLS = 5;

    @TempDir
    Path folder;

    @Test
    void everyCallIsAnsweredByTheProgramInASandbox() throws Exception {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        assumeTrue(MeteringProxy.unsupported() == null, "needs the native epoll transport");
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "the program is for x86-64");
        // JUnit makes its folders private; sandboxes must be able to pass through.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Path images = Files.createDirectories(folder.resolve("images"));
        LinuxSandboxConfig config = new LinuxSandboxConfig(images, "wisp-rehearsal-it", 1_400_000_000, 16, 1, 4);
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));

        try (LinuxSandboxRuntime sandboxes = new LinuxSandboxRuntime(config, InstantSource.system())) {
            List<Long> micros =
                    new Rehearsal(vertx, sandboxes, new FewThreads(), images, folder.resolve("rehearsal")).run(CALLS);

            // Any other status than the program's own would have ended the run.
            assertThat(micros).hasSize(CALLS);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private record FewThreads() implements MeteringConfig {

        @Override
        public int connectThreads() {
            return 1;
        }

        @Override
        public int connectQueueMax() {
            return 16;
        }

        @Override
        public Duration timePeriod() {
            return Duration.ofMinutes(1);
        }
    }
}
