package dev.wisp.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.problem.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HoldQueueTest {

    @Test
    void givesRequestsInOrderOfArrival() {
        HoldQueue queue = new HoldQueue();
        Exchange one = exchange(1);
        Exchange two = exchange(2);
        Exchange three = exchange(3);
        queue.addLast(one);
        queue.addLast(three);
        queue.addInOrder(two);

        assertThat(drain(queue)).containsExactly(one, two, three);
    }

    @Test
    void putsARefusedRequestBackInFront() {
        HoldQueue queue = new HoldQueue();
        Exchange first = exchange(1);
        queue.addLast(exchange(5));
        queue.addInOrder(first);

        assertThat(queue.first()).isSameAs(first);
    }

    @Test
    void behavesAsASortedListUnderAnyOrderOfCalls() {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        HoldQueue queue = new HoldQueue();
        List<Exchange> model = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            if (model.isEmpty() || random.nextInt(3) > 0) {
                Exchange added = exchange(step * 10L + random.nextInt(40));
                queue.addInOrder(added);
                model.add(added);
                model.sort(Comparator.comparingLong(Exchange::arrivedNanos));
            } else {
                queue.remove(model.remove(random.nextInt(model.size())));
            }
            assertThat(queue.size()).as("seed %d step %d", seed, step).isEqualTo(model.size());
        }

        assertThat(drain(queue)).as("seed %d", seed).isEqualTo(model);
    }

    private static List<Exchange> drain(HoldQueue queue) {
        List<Exchange> drained = new ArrayList<>();
        for (Exchange next = queue.first(); next != null; next = queue.first()) {
            drained.add(next);
            queue.remove(next);
        }
        return drained;
    }

    private static Exchange exchange(long arrivedNanos) {
        return new Exchange(new UUID(0, arrivedNanos), new Nobody(), 0, arrivedNanos, 1);
    }

    private static final class Nobody implements Caller {

        @Override
        public void send(NodePort node, Dispatch dispatch, Funds funds, Consumer<ProxyOutcome> done) {}

        @Override
        public void held(Runnable gone) {}

        @Override
        public void answer(Problem problem, long heldMicros) {}

        @Override
        public void over(int status, @Nullable CallTrace trace) {}
    }
}
