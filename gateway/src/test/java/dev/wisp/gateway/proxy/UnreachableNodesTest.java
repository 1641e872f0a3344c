package dev.wisp.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UnreachableNodesTest {

    private final AtomicLong now = new AtomicLong();
    private final UnreachableNodes nodes = new UnreachableNodes(now::get);

    @Test
    void namesNodesThatRefusedUntilOneIsReached() {
        nodes.failed("n2", new ConnectException("refused"));
        nodes.failed("n1", new ConnectException("refused"));
        assertThat(nodes.nodeIds()).containsExactly("n1", "n2");

        nodes.reached("n1");
        assertThat(nodes.nodeIds()).containsExactly("n2");
    }

    @Test
    void forgetsWhatIsThreeSecondsOld() {
        nodes.failed("n1", new ConnectException("refused"));

        now.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(nodes.nodeIds()).containsExactly("n1");

        now.incrementAndGet();
        assertThat(nodes.nodeIds()).isEmpty();
    }

    @Test
    void anExchangeThatFailsSaysNothingOfTheHost() {
        nodes.failed("n1", new IOException("closed"));

        assertThat(nodes.nodeIds()).isEmpty();
    }
}
