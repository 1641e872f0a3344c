package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.Limits;
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
        CapacityLedger ledger = new CapacityLedger(100 * MIB, 1, 500);
        assertThat(ledger.promise(each(500))).isTrue();

        ledger.giveBack(each(500));

        assertThat(ledger.promised()).isEqualTo(new CapacityLedger.Promised(0, 0, 0));
        assertThat(ledger.promise(each(500))).isTrue();
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
