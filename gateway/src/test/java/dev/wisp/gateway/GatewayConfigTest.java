package dev.wisp.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.event.WebhookOrigins;
import dev.wisp.gateway.admission.HoldLimits;
import dev.wisp.gateway.async.AsyncSettings;
import dev.wisp.gateway.proxy.ServerSettings;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GatewayConfigTest {

    @Test
    void hasTheDocumentedDefaults() {
        GatewayConfig config = config(Map.of());

        assertThat(config.server())
                .isEqualTo(new ServerSettings(
                        "0.0.0.0",
                        8080,
                        1,
                        8192,
                        32_768,
                        128,
                        20_000,
                        Duration.ofSeconds(75),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10)));
        assertThat(config.limits()).isEqualTo(new HoldLimits(10_000, 20_000, 128 << 20, 60_000, 100, 2_000));
        assertThat(config.stateDir()).isEqualTo(Path.of("/var/lib/wisp/gateway"));
        assertThat(config.asyncSettings())
                .isEqualTo(new AsyncSettings(
                        524_288,
                        524_288,
                        10_000,
                        64 << 20,
                        64 << 20,
                        25,
                        64,
                        16,
                        Duration.ofHours(1),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(5),
                        WebhookOrigins.NONE,
                        ""));
    }

    @Test
    void keepsItsStateUnderWispsHome() {
        assertThat(config(Map.of("wisp.home", "/srv/wisp")).stateDir()).isEqualTo(Path.of("/srv/wisp/gateway"));
    }

    @Test
    void webhooksHaveOneSettingForControllerAndGateways() {
        GatewayConfig config = config(Map.of(
                "wisp.async.webhook-origins",
                "https://hooks.example,http://10.0.0.7:8081",
                "wisp.async.webhook-secret",
                "0123456789abcdef"));

        assertThat(config.asyncSettings())
                .extracting(AsyncSettings::webhooks, AsyncSettings::webhookSecret)
                .containsExactly(
                        new WebhookOrigins(Set.of("https://hooks.example", "http://10.0.0.7:8081")),
                        "0123456789abcdef");
    }

    @Test
    void namesTheKeyOfABadValue() {
        GatewayConfig config = config(Map.of("wisp.gateway.port", "99999"));

        assertThatThrownBy(config::server).hasMessage("wisp.gateway.port=99999, must be 0..65535");
    }

    private static GatewayConfig config(Map<String, String> values) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(GatewayConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withDefaultValues(values)
                .build();
        return config.getConfigMapping(GatewayConfig.class);
    }
}
