package dev.wisp.billing.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.Revisions;
import dev.wisp.billing.usage.ServiceName;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.instance.InstanceEvent.State;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.route.Route;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final RevisionId FIRST = new RevisionId("default", "hello-00001");
    private static final RevisionId SECOND = new RevisionId("default", "hello-00002");
    private static final ServiceName HELLO = new ServiceName("default", "hello");

    private final Fleet fleet = new Fleet();

    @Test
    void showsTheRevisionThatServesNotTheNewest() {
        fleet.revision(FIRST.toString(), Revisions.of(FIRST, "hello", NOW));
        fleet.revision(SECOND.toString(), Revisions.of(SECOND, "hello", NOW.plusSeconds(1)));
        fleet.route("hello.default.localhost", route(FIRST));

        assertThat(fleet.services())
                .containsExactly(
                        new Fleet.DeployedService(HELLO, "hello.default.localhost", "hello-00001", NOW.plusSeconds(1)));
    }

    @Test
    void showsTheNewestRevisionWhileNoneServes() {
        fleet.revision(SECOND.toString(), Revisions.of(SECOND, "hello", NOW.plusSeconds(1)));
        fleet.revision(FIRST.toString(), Revisions.of(FIRST, "hello", NOW));

        assertThat(fleet.services())
                .containsExactly(new Fleet.DeployedService(HELLO, null, "hello-00002", NOW.plusSeconds(1)));
    }

    @Test
    void forgetsADeletedService() {
        fleet.revision(FIRST.toString(), Revisions.of(FIRST, "hello", NOW));
        fleet.revision(FIRST.toString(), null);

        assertThat(fleet.services()).isEmpty();
    }

    @Test
    void keepsTheLastInstancesThatWent() {
        fleet.revision(FIRST.toString(), Revisions.of(FIRST, "hello", NOW));
        for (int i = 0; i < Fleet.GONE_MAX + 5; i++) {
            fleet.instance("i-" + i, instance("i-" + i, State.READY, i));
            fleet.instance("i-" + i, instance("i-" + i, State.GONE, i));
            fleet.instance("i-" + i, null);
        }
        fleet.instance("i-live", instance("i-live", State.READY, 100));

        assertThat(fleet.instances())
                .hasSize(Fleet.GONE_MAX + 1)
                .satisfies(all -> assertThat(all.getFirst().instanceId()).isEqualTo("i-live"))
                .satisfies(all -> assertThat(all.get(1).instanceId()).isEqualTo("i-" + (Fleet.GONE_MAX + 4)))
                .allSatisfy(view -> assertThat(view.service()).isEqualTo("hello"));
    }

    private static Route route(RevisionId revision) {
        return new Route(
                "hello.default.localhost", "default", "hello", 1, List.of(new Route.Target(revision, 100, null)));
    }

    private static InstanceEvent instance(String id, State state, int second) {
        Instant at = NOW.plusSeconds(second);
        return new InstanceEvent(id, FIRST, "node-1", state, 1, 0, "", 0, 0, at, at);
    }
}
