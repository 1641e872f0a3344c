package dev.wisp.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.route.Route;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBusTest {

    private final MemoryBus bus = new MemoryBus();

    @Test
    void lateSubscriberSeesWhatIsKept() throws Exception {
        new BusContract(bus).lateSubscriberSeesWhatIsKept();
    }

    @Test
    void valuesOfAKeyArriveInOrder() throws Exception {
        new BusContract(bus).valuesOfAKeyArriveInOrder();
    }

    @Test
    void topicThatIsNotKeptStartsNow() throws Exception {
        new BusContract(bus).topicThatIsNotKeptStartsNow();
    }

    @Test
    void memberReadsTheLastWhileAgain() throws Exception {
        new BusContract(bus).memberReadsTheLastWhileAgain();
    }

    @Test
    void termsGrowWithEveryOwner() throws Exception {
        new BusContract(bus).termsGrowWithEveryOwner();
    }

    @Test
    void failsWhatIsPublishedWhileItIsCut() {
        bus.cut();

        assertThat(bus.publish(Topics.ROUTES, "host", new Route("host", "default", "hello", 1, List.of())))
                .isCompletedExceptionally();
    }
}
