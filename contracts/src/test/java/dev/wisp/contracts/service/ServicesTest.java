package dev.wisp.contracts.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.service.Services.Service;
import org.junit.jupiter.api.Test;

class ServicesTest {

    @Test
    void allMeansAll() {
        assertThat(Services.parse("all").active()).containsExactlyInAnyOrder(Service.values());
    }

    @Test
    void aListNamesSome() {
        assertThat(Services.parse("gateway, node-runtime").active())
                .containsExactlyInAnyOrder(Service.GATEWAY, Service.NODE_RUNTIME);
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Services.parse("gatway"))
                .hasMessageContaining("gatway")
                .hasMessageContaining("gateway");
    }
}
