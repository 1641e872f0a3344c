package dev.wisp.controller.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.event.WebhookOrigins;
import dev.wisp.contracts.revision.AsyncSpec;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AsyncPolicyTest {

    private static final WebhookOrigins ORIGINS =
            new WebhookOrigins(Set.of("https://hooks.example", "http://10.0.0.7:8081"));

    private final Findings findings = new Findings();

    private AsyncSpec async(Map<String, String> annotations, WebhookOrigins origins) {
        return AsyncPolicy.async(new Annotations(annotations, findings), origins);
    }

    @Test
    void hasDefaults() {
        assertThat(async(Map.of(), WebhookOrigins.NONE)).isEqualTo(new AsyncSpec(2, 21_600_000, null, null));
        assertThat(findings.errors()).isEmpty();
    }

    @Test
    void readsWhatIsAsked() {
        AsyncSpec spec = async(
                Map.of(
                        "wisp.dev/async-retries", "0",
                        "wisp.dev/async-max-age", "90s",
                        "wisp.dev/async-on-success", "audit",
                        "wisp.dev/async-on-failure", "https://hooks.example/failed?team=a"),
                ORIGINS);

        assertThat(spec).isEqualTo(new AsyncSpec(0, 90_000, "audit", "https://hooks.example/failed?team=a"));
        assertThat(findings.errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "async-retries    | 21                               | must be a whole number in 0..20",
                "async-max-age    | 25h                              | must be a duration",
                "async-on-success | Not_A_Name                       | must be the name of a service",
                "async-on-success | https://elsewhere.example/x      | is not at one of",
                "async-on-success | http://hooks.example/x           | is not at one of",
                "async-on-success | https://hooks.example:8443/x     | is not at one of",
                "async-on-success | https://hooks.example.evil.test/ | is not at one of",
                "async-on-success | https://a@hooks.example/         | without user and fragment",
                "async-on-failure | http://169.254.169.254/meta      | is not at one of",
                "async-on-failure | file:///etc/passwd               | is not at one of",
                "async-on-failure | https://hooks.example/ x         | is not a URL"
            })
    void refusesWhatIsNotHonoured(String key, String value, String message) {
        async(Map.of("wisp.dev/" + key, value), ORIGINS);

        assertThat(findings.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.detail()).contains(message));
    }

    @Test
    void noUrlIsTakenWhereNoneIsAllowed() {
        async(Map.of("wisp.dev/async-on-failure", "https://hooks.example/x"), WebhookOrigins.NONE);

        assertThat(findings.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.detail()).contains("wisp.async.webhook-origins"));
    }
}
