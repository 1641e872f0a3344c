package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.fake.FakeNode;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The node's last word on what fits. */
class CapacityLedgerTest {

    private static final long MIB = 1 << 20;

    @Test
    void promisesAsManyAsTheScarcestResourceAllows() {
        assertThat(promised(new CapacityLedger(300 * MIB, 10, 10_000), each(500)))
                .isEqualTo(3);
        assertThat(promised(new CapacityLedger(3_000 * MIB, 2, 10_000), each(500)))
                .isEqualTo(2);
        assertThat(promised(new CapacityLedger(3_000 * MIB, 10, 2_400), each(500)))
                .isEqualTo(4);
    }

    @Test
    void whoRequestsNoProcessorTimeNeedsNoneToBeFree() {
        CapacityLedger ledger = new CapacityLedger(3_000 * MIB, 10, 500);
        assertThat(ledger.promise(each(500))).isTrue();

        assertThat(ledger.promise(each(1))).isFalse();
        assertThat(ledger.promise(each(0))).isTrue();
        assertThat(ledger.describe(each(1)))
                .isEqualTo(
                        "100 MiB and 1 millicores asked, 200 of 3000 MiB, 500 of 500 millicores and 2 of 10 sandboxes"
                                + " are taken");
    }

    @Test
    void whatIsGivenBackIsFreeAgain() {
        RevisionSpec spec = FakeNode.hello(0, 1_000, 0);
        Instance instance = new Instance("a", spec, Instant.EPOCH, () -> 0, (one, from, to) -> {});
        CapacityLedger ledger = new CapacityLedger(128 * MIB, 1, 500);
        assertThat(ledger.promise(spec.limits())).isTrue();

        ledger.leaves(instance);
        assertThat(ledger.freeSoon()).isEqualTo(ledger.all());
        assertThat(ledger.promise(spec.limits())).as("it is there until then").isFalse();
        CompletableFuture<Void> waitedFor = ledger.nextGivenBack();
        ledger.giveBack(instance);

        assertThat(waitedFor).isDone();
        assertThat(ledger.free()).isEqualTo(ledger.all());
        assertThat(ledger.freeSoon()).isEqualTo(ledger.all());
        assertThat(ledger.promise(spec.limits())).isTrue();
    }

    private static int promised(CapacityLedger ledger, Limits each) {
        int promised = 0;
        while (ledger.promise(each)) {
            promised++;
        }
        return promised;
    }

    private static Limits each(int request) {
        return new Limits(1_000, 100 * MIB, 64, 1 << 20, request);
    }
}
