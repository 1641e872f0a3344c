package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.service.Services.Service;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ServedHereFilterTest {

    static Stream<Arguments> paths() {
        return Stream.of(
                Arguments.of("/v1/usage", Service.BILLING),
                Arguments.of("/v1/billing/records", Service.BILLING),
                Arguments.of("v1/namespaces/default/services/hello/logs", Service.NODE_RUNTIME),
                Arguments.of("/v1/namespaces/default/services/hello/decisions", Service.AUTOSCALER),
                Arguments.of("/v1/attempts", Service.GATEWAY),
                Arguments.of("/v1/nodes/node-1/order", Service.AUTOSCALER),
                Arguments.of("/v1/namespaces/default/services/hello/progress", Service.FUNCTION_CONTROLLER),
                Arguments.of("/apis/serving.knative.dev/v1/services", Service.FUNCTION_CONTROLLER),
                Arguments.of("/v2/hello/blobs/sha256:00", Service.FUNCTION_CONTROLLER),
                Arguments.of("/q/health", null));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void knowsWhichServiceOwnsAPath(String path, @Nullable Service owner) {
        assertThat(ServedHereFilter.owner(path)).isEqualTo(owner);
    }
}
