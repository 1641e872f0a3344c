package dev.wisp.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.gateway.ejection.EjectionLimits;
import dev.wisp.gateway.metric.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstancePoolTest {

    private static final RevisionId ID = new RevisionId("default", "a-00001");
    private static final Instant AT = Instant.parse("2026-01-01T12:00:00Z");

    private final InstancePool pool =
            new InstancePool(EjectionLimits.DEFAULT, new GatewayMetrics(new SimpleMeterRegistry(), 1), () -> 0.5);

    @Test
    void loadIsSpreadOverAllWhileThePlanHoldsNone() {
        add(10, "a", "b", "c");
        planned(new NodeShare("n1", 0, 64));

        assertThat(acquire(6)).containsExactly("a", "b", "c", "a", "b", "c");
    }

    @Test
    void thoseThatThePlanHoldsAreFilledBeforeTheRest() {
        add(2, "c", "b", "a", "d");
        planned(new NodeShare("n1", 2, 64));

        assertThat(acquire(4)).containsExactlyInAnyOrder("a", "a", "b", "b");
        assertThat(acquire(4)).containsExactlyInAnyOrder("c", "c", "d", "d");
        assertThat(pool.acquire(null, 0)).isNull();
    }

    @Test
    void whatIsHeldOnOneNodeSaysNothingOfAnother() {
        pool.add("a", "n1", 10);
        pool.add("b", "n1", 10);
        pool.add("c", "n2", 10);
        planned(new NodeShare("n1", 1, 10), new NodeShare("n2", 1, 10), new NodeShare("n3", 1, 10));

        assertThat(acquire(4)).containsExactly("a", "c", "a", "c");
    }

    @Test
    void anotherIsHeldWhenOneIsGone() {
        add(10, "a", "b", "c");
        planned(new NodeShare("n1", 1, 64));
        assertThat(acquire(2)).containsExactly("a", "a");

        pool.remove("a");

        assertThat(acquire(2)).containsExactly("b", "b");
    }

    @Test
    void oneThatBrokeACallOffIsTakenOnlyWhenTheRestIsFullToo() {
        add(1, "a", "b");
        planned(new NodeShare("n1", 1, 64));
        InstancePool.Instance broken = pool.acquire(null, 0);
        assertThat(broken).isNotNull();
        pool.release(broken);

        assertThat(pool.acquire(broken, 0))
                .extracting(InstancePool.Instance::id)
                .isEqualTo("b");
        assertThat(pool.acquire(broken, 0)).isEqualTo(broken);
    }

    @Test
    void oneThatRefusedComesBackOnceItHasRoom() {
        pool.announce(event(0, 0));
        InstancePool.Instance full = pool.acquire(null, 0);
        assertThat(full).isNotNull();
        pool.release(full);
        pool.refused(full, AT.plusMillis(10));

        pool.announce(event(0, 5));
        pool.announce(event(1, 1_000));
        assertThat(pool.acquire(null, 0)).isNull();

        pool.announce(event(0, 2_000));
        assertThat(pool.acquire(null, 0)).isNotNull();
    }

    private static InstanceEvent event(int inFlight, long millis) {
        return new InstanceEvent(
                "a", ID, "n1", InstanceEvent.State.READY, 1, inFlight, "", 0, 0, AT, AT.plusMillis(millis));
    }

    private void add(int slots, String... ids) {
        for (String id : ids) {
            pool.add(id, "n1", slots);
        }
    }

    private List<String> acquire(int number) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            InstancePool.Instance instance = pool.acquire(null, 0);
            if (instance != null) {
                ids.add(instance.id());
            }
        }
        return ids;
    }

    private void planned(NodeShare... shares) {
        pool.planned(new RevisionPlan(ID, 1, 1, List.of(shares), "a test says so", Instant.EPOCH));
    }
}
