package dev.wisp.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.testkit.MemoryBus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ShipperTest {

    @TempDir
    private Path folder;

    private final MemoryBus bus = new MemoryBus();
    private final List<InvocationRecord> arrived = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        bus.subscribe(Topics.INVOCATIONS, (key, batch) -> {
            if (batch != null) {
                arrived.addAll(batch.records());
            }
        });
    }

    @Test
    void sendsEverythingOnceWhileTheBrokerIsThere() {
        try (Journal journal = open()) {
            finish(journal, 50);

            int sent = shipper(journal).runOnce();

            assertThat(sent).as("batches").isEqualTo(1);
            assertThat(arrived).hasSize(50).doesNotHaveDuplicates();
            assertThat(journal.pending()).isZero();
        }
    }

    @Test
    void triesOneAtATimeWhileTheBrokerIsAwayAndLosesNothing() {
        try (Journal journal = open()) {
            finish(journal, 10);
            bus.cut();
            Shipper shipper = shipper(journal);

            int triedWhileAway = shipper.runOnce() + shipper.runOnce() + shipper.runOnce();
            bus.restore();
            while (journal.pending() > 0) {
                assertThat(shipper.runOnce()).isPositive();
            }

            assertThat(triedWhileAway).isEqualTo(3);
            assertThat(arrived).hasSize(10).doesNotHaveDuplicates();
        }
    }

    @Test
    void sendsAgainAfterARestartWhatTheBrokerDidNotAcknowledge() {
        try (Journal journal = open()) {
            finish(journal, 3);
            bus.cut();
            shipper(journal).runOnce();
        }
        bus.restore();
        try (Journal journal = open()) {
            while (shipper(journal).runOnce() > 0) {
                assertThat(arrived.size()).isLessThanOrEqualTo(3);
            }

            assertThat(arrived).hasSize(3).doesNotHaveDuplicates();
        }
        try (Journal journal = open()) {
            assertThat(shipper(journal).runOnce()).isZero();
        }
    }

    @Test
    void waitsLongerAfterEachFailureUpToTwoSeconds() {
        assertThat(ShipBackoffPolicy.pause(1, 0)).isEqualTo(Duration.ofMillis(50));
        assertThat(ShipBackoffPolicy.pause(3, 0)).isEqualTo(Duration.ofMillis(200));
        assertThat(ShipBackoffPolicy.pause(1_000, 0)).isEqualTo(Duration.ofSeconds(2));
        assertThat(ShipBackoffPolicy.pause(1_000, 1)).isEqualTo(Duration.ofSeconds(1));
    }

    private Shipper shipper(Journal journal) {
        return new Shipper(journal, bus, 100, new Random(1));
    }

    private Journal open() {
        return Journal.open(new JournalSettings(folder, 64 << 10, 8));
    }

    private static void finish(Journal journal, int count) {
        for (int i = 0; i < count; i++) {
            journal.started(Records.standIn(Records.id(i)));
            journal.finished(Records.done(Records.id(i)));
        }
    }
}
