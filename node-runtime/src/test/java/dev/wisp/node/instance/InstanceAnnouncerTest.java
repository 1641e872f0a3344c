package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.node.fake.FakeNode;
import dev.wisp.testkit.MemoryBus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;

class InstanceAnnouncerTest {

    private final MemoryBus bus = new MemoryBus();
    private final ScheduledThreadPoolExecutor clock = stopped();
    private final InstanceAnnouncer announcer =
            new InstanceAnnouncer("n1", new FactPublisher(bus, clock), clock, InstantSource.fixed(Instant.EPOCH));

    /** A gateway that an instance refused because it was full asks it again only when it hears that it has room. */
    @Test
    void tellsWithTheHeartbeatThatABusyInstanceHasRoomAgain() {
        Instance instance =
                new Instance("a", FakeNode.hello(1, 1_000, 0), Instant.EPOCH, () -> 0, (one, from, to) -> {});
        instance.handle(new InstanceInput.Listening(0));
        instance.admit();
        beat(instance);
        assertThat(inFlight()).isEqualTo(1);

        instance.release();
        beat(instance);
        assertThat(inFlight()).isZero();

        announcer.beat(List.of(instance));
        assertThat(announcer.runOnce()).isZero();
    }

    /** The test takes the steps. */
    private static ScheduledThreadPoolExecutor stopped() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
        clock.shutdownNow();
        return clock;
    }

    private void beat(Instance instance) {
        announcer.beat(List.of(instance));
        announcer.runOnce();
    }

    private int inFlight() {
        InstanceEvent event = bus.last(Topics.INSTANCES, "a");
        return event == null ? -1 : event.inFlight();
    }
}
