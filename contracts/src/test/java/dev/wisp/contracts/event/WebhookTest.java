package dev.wisp.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WebhookTest {

    /** The sum was made with {@code printf 'id.1.{}' | openssl dgst -sha256 -hmac 0123456789abcdef -binary | base64}. */
    @Test
    void signsIdTimeAndBody() {
        assertThat(new Webhook("key", "0123456789abcdef").signature("id", "1", "{}"))
                .isEqualTo("v1,yeZaAZsMj+p9HYOuD1F+F/7d48vEptDLSKbEg9Q37pk=");
    }

    @Test
    void namesTheSettingOfAShortSecret() {
        assertThatThrownBy(() -> new Webhook("some.key", "short"))
                .hasMessage("some.key has 5 characters, must have at least 16");
    }
}
