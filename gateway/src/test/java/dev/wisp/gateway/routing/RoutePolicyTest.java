package dev.wisp.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.route.Route;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutePolicyTest {

    private static final RevisionId OLD = new RevisionId("default", "hello-00001");
    private static final RevisionId NEW = new RevisionId("default", "hello-00002");

    @Test
    void picksNobodyWhileNoRevisionIsReady() {
        assertThat(RoutePolicy.choose(route(), 0)).isNull();
    }

    @Test
    void picksByWeight() {
        Route route = route(new Route.Target(OLD, 90, null), new Route.Target(NEW, 10, null));

        assertThat(RoutePolicy.choose(route, 0)).isEqualTo(OLD);
        assertThat(RoutePolicy.choose(route, 89)).isEqualTo(OLD);
        assertThat(RoutePolicy.choose(route, 90)).isEqualTo(NEW);
        assertThat(RoutePolicy.choose(route, 99)).isEqualTo(NEW);
    }

    @Test
    void neverPicksATargetThatOnlyHasATag() {
        Route route = route(new Route.Target(OLD, 0, "old"), new Route.Target(NEW, 100, null));

        for (int roll = 0; roll < RoutePolicy.ROLL_BOUND; roll++) {
            assertThat(RoutePolicy.choose(route, roll)).isEqualTo(NEW);
        }
    }

    @Test
    void givesTheRestToTheLastTargetWhenWeightsFallShort() {
        Route route = route(new Route.Target(OLD, 30, null), new Route.Target(NEW, 30, null));

        assertThat(RoutePolicy.choose(route, 99)).isEqualTo(NEW);
    }

    private static Route route(Route.Target... targets) {
        return new Route("hello.default.localhost", "default", "hello", 1, List.of(targets));
    }
}
