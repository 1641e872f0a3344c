package dev.wisp.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.node.image.ImageStore;
import dev.wisp.node.image.UnpackedImage;
import dev.wisp.node.sandbox.Leak;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxRuntime;
import dev.wisp.node.sandbox.SandboxSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeakWatchTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Map<Leak, Set<String>> onHost = Map.of();
    private Set<String> inStore = Set.of();

    @Test
    void countsWhatIsThereAtTwoLooksInARow() {
        LeakWatch watch = new LeakWatch(new Sandboxes(), new Images(), meters);

        onHost = Map.of(Leak.CGROUP, Set.of("7", "8"), Leak.PROC, Set.of("4711"));
        inStore = Set.of("layers/ff");
        watch.runOnce();
        assertThat(left(Leak.CGROUP)).isZero();

        onHost = Map.of(Leak.CGROUP, Set.of("8", "9"), Leak.PROC, Set.of());
        watch.runOnce();

        assertThat(left(Leak.CGROUP)).isOne();
        assertThat(left(Leak.PROC)).isZero();
        assertThat(left(Leak.DIR)).isOne();
        assertThat(left(Leak.VETH)).isZero();

        onHost = Map.of();
        inStore = Set.of();
        watch.runOnce();
        assertThat(left(Leak.CGROUP) + left(Leak.DIR)).isZero();
    }

    private double left(Leak leak) {
        return meters.get("wisp.sandbox.leaks")
                .tag("kind", leak.label())
                .gauge()
                .value();
    }

    private final class Sandboxes implements SandboxRuntime {

        @Override
        public Sandbox start(SandboxSpec spec) {
            throw new IllegalStateException("nothing starts here");
        }

        @Override
        public Map<Leak, Set<String>> strays() {
            return onHost;
        }

        @Override
        public void close() {}
    }

    private final class Images implements ImageStore {

        @Override
        public UnpackedImage prepare(ImageRef image) {
            throw new IllegalStateException("there are no images here");
        }

        @Override
        public Set<String> strays() {
            return inStore;
        }

        @Override
        public void close() {}
    }
}
