package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ApiRouteTest {

    static Stream<Arguments> resources() {
        return Stream.of(
                Arguments.of("/v1/usage", "", "/v1/usage"),
                Arguments.of("v1/usage", "/", "/v1/usage"),
                Arguments.of("/v1/billing", "records/{invocationId}", "/v1/billing/records/{invocationId}"),
                Arguments.of("/v2", "/{name:.+}/blobs/{digest}", "/v2/{name}/blobs/{digest}"),
                Arguments.of("/", "", "/"));
    }

    @ParameterizedTest
    @MethodSource("resources")
    void namesAResourceByItsTemplate(String ofClass, String ofMethod, String template) {
        assertThat(ApiRoute.ofResource(ofClass, ofMethod)).isEqualTo(new ApiRoute(ApiRoute.Listener.API, template));
    }

    static Stream<Arguments> paths() {
        return Stream.of(
                Arguments.of("/console", ApiRoute.Listener.CONSOLE, "/console/*"),
                Arguments.of("/console/app-1234.js", ApiRoute.Listener.CONSOLE, "/console/*"),
                Arguments.of("/consoles", ApiRoute.Listener.API, ""),
                Arguments.of("/q/metrics", ApiRoute.Listener.API, "/q/metrics"),
                Arguments.of("/q/health/ready", ApiRoute.Listener.API, "/q/health"),
                Arguments.of("/q/anything", ApiRoute.Listener.API, ""),
                Arguments.of("/v1/made-up-by-a-caller", ApiRoute.Listener.API, ""));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void namesNothingByWhatACallerWrote(String path, ApiRoute.Listener listener, String template) {
        assertThat(ApiRoute.ofPath(path)).isEqualTo(new ApiRoute(listener, template));
    }
}
