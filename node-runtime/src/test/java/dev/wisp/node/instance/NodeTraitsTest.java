package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeTraitsTest {

    @Test
    void aNodeSaysWhatKubernetesNodesSay() {
        NodeTraits traits = traits(Map.of());

        assertThat(traits.labels())
                .containsEntry("kubernetes.io/hostname", "node-1")
                .containsEntry("kubernetes.io/os", "linux")
                .containsKey("kubernetes.io/arch");
        assertThat(traits.taints()).isEmpty();
    }

    @Test
    void labelsAndTaintsAreConfigured() {
        NodeTraits traits = traits(Map.of(
                "wisp.node.instance.labels.disk", "ssd",
                "wisp.node.instance.labels.\"example.com/rack\"", "r7",
                "wisp.node.instance.taints", "gpu=true:NoSchedule,spot:PreferNoSchedule"));

        assertThat(traits.labels()).containsEntry("disk", "ssd").containsEntry("example.com/rack", "r7");
        assertThat(traits.taints())
                .extracting(Object::toString)
                .containsExactly("gpu=true:NoSchedule", "spot:PreferNoSchedule");
    }

    @Test
    void whatIsNoLabelAndNoTaintIsRefused() {
        assertThatThrownBy(() -> traits(Map.of("wisp.node.instance.labels.disk", "a b")))
                .hasMessageContaining("'disk=a b' is not a label");
        assertThatThrownBy(() -> traits(Map.of("wisp.node.instance.taints", "gpu=true")))
                .hasMessageContaining("taint 'gpu=true' must be KEY[=VALUE]:EFFECT");
    }

    private static NodeTraits traits(Map<String, String> values) {
        InstanceConfig config = new SmallRyeConfigBuilder()
                .withMapping(InstanceConfig.class)
                .withDefaultValues(values)
                .addDiscoveredConverters()
                .build()
                .getConfigMapping(InstanceConfig.class);
        return NodeTraits.of(config, "node-1");
    }
}
