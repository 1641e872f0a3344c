package dev.wisp.node.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wisp.contracts.invocation.InvocationRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the journal does when its files do not reach the disk, by a disk that fails when it is told to. */
@Timeout(60)
class JournalSyncTest {

    private static final int SEGMENTS_MAX = 6;

    @TempDir
    private Path folder;

    private final FailingDisk disk = new FailingDisk();

    @Test
    void bringsToTheDiskByItselfWhatTheBrokerDoesNotHave() {
        try (Journal journal = Journal.open(settings(Duration.ofMillis(10)), disk)) {
            call(journal, 1);

            await().until(() -> journal.syncs() > 0);

            assertThat(journal.syncTime()).isPositive();
            assertThat(journal.syncFailures()).isZero();
        }
    }

    @Test
    void leavesTheDiskAloneWhenTheBrokerHasEverything() {
        try (Journal journal = open()) {
            call(journal, 1);
            drain(journal).forEach(journal::acked);

            journal.sync();

            assertThat(disk.syncs()).isZero();
        }
    }

    @Test
    void doesNotSynchroniseTwiceWhatIsOnTheDisk() {
        try (Journal journal = open()) {
            call(journal, 1);
            journal.sync();

            journal.sync();

            assertThat(disk.syncs()).isEqualTo(1);
        }
    }

    @Test
    void isOnTheDiskWhenItIsClosed() {
        try (Journal journal = Journal.open(settings(Duration.ofMinutes(1)), disk)) {
            call(journal, 1);
        }

        assertThat(disk.syncs()).isEqualTo(1);
    }

    @Test
    void writesToANewFileWhatAFileDidNotTake() throws IOException {
        try (Journal journal = open()) {
            call(journal, 1);
            call(journal, 2);
            awaitSpare();
            disk.failsNext(1);

            journal.sync();

            assertThat(journal.reachesDisk()).isTrue();
            assertThat(journal.syncFailures()).isEqualTo(1);
            assertThat(disk.syncs()).isEqualTo(2);
            await().untilAsserted(() -> assertThat(files()).doesNotContain(1L));
            assertThat(records(drain(journal))).containsExactly(done(1), done(2));
            assertThat(journal.pending()).isEqualTo(2);
            call(journal, 3);
        }
    }

    @Test
    void refusesCallsWhileNothingReachesTheDiskAndEndsThoseThatBegan() {
        try (Journal journal = open()) {
            assertThat(journal.started(Records.standIn(Records.id(1)))).isTrue();
            disk.failsWhen(() -> true);

            journal.sync();

            assertThat(journal.reachesDisk()).isFalse();
            assertThat(journal.started(Records.standIn(Records.id(2)))).isFalse();
            assertThat(journal.noted(Records.time(1))).isFalse();
            journal.finished(done(1));
            disk.failsWhen(() -> false);
            syncUntilItReachesTheDisk(journal);
            call(journal, 3);
            assertThat(records(drain(journal))).containsExactly(done(1), done(3));
        }
    }

    /** Nothing is owed: that alone says nothing about the disk. */
    @Test
    void takesCallsAgainOnlyWhenANewFileReachedTheDisk() {
        try (Journal journal = open()) {
            call(journal, 1);
            disk.failsWhen(() -> true);
            journal.sync();
            drain(journal).forEach(journal::acked);
            drain(journal).forEach(journal::acked);
            assertThat(journal.pending()).isZero();

            for (int i = 0; i < 20; i++) {
                journal.sync();
                assertThat(journal.reachesDisk()).isFalse();
            }
            disk.failsWhen(() -> false);
            syncUntilItReachesTheDisk(journal);
        }
    }

    @Test
    void keepsWhatWasOnTheDiskUntilItsCopyIs() throws IOException {
        try (Journal journal = open()) {
            call(journal, 1);
            journal.sync();
            call(journal, 2);
            awaitSpare();
            disk.failsNext(2);

            journal.sync();

            assertThat(journal.reachesDisk()).isFalse();
            assertThat(files()).contains(1L);
            syncUntilItReachesTheDisk(journal);
            await().untilAsserted(() -> assertThat(files()).doesNotContain(1L));
            assertThat(records(drain(journal))).containsExactly(done(1), done(2));
        }
    }

    @Test
    void doesNotPileUpFilesWhileTheDiskFails() throws IOException {
        try (Journal journal = open()) {
            call(journal, 1);
            journal.sync();
            call(journal, 2);
            disk.failsWhen(() -> true);

            for (int i = 0; i < 50; i++) {
                awaitSpare();
                journal.sync();
                assertThat(journal.segmentCount()).isLessThanOrEqualTo(3);
            }

            assertThat(journal.pending()).isEqualTo(2);
        }
    }

    /** Its acknowledgement is for the file that is given up; the copy goes to the broker once more, which billing knows. */
    @Test
    void handsOutAgainWhatWasOnItsWayWhenItsFileWasGivenUp() {
        try (Journal journal = open()) {
            call(journal, 1);
            call(journal, 2);
            Shipment onItsWay = journal.poll(1);
            assertThat(onItsWay).isNotNull();
            disk.failsNext(1);
            syncUntilItReachesTheDisk(journal);

            journal.acked(onItsWay);

            assertThat(journal.pending()).isEqualTo(2);
            List<Shipment> again = drain(journal);
            assertThat(records(again)).containsExactly(done(1), done(2));
            again.forEach(journal::acked);
            assertThat(journal.pending()).isZero();
        }
    }

    @Test
    void knowsOfOpenCallsAfterADeathThoughTheirFileWasGivenUp() throws IOException {
        try (Journal journal = open()) {
            assertThat(journal.started(Records.standIn(Records.id(1)))).isTrue();
            disk.failsNext(1);
            syncUntilItReachesTheDisk(journal);

            assertThat(afterADeath()).containsExactly(Map.entry(Records.id(1), Records.standIn(Records.id(1))));

            journal.finished(done(1));
            assertThat(afterADeath()).containsExactly(Map.entry(Records.id(1), done(1)));
        }
    }

    /** At no moment does a death lose what was finished, however often and whenever the disk fails. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void losesNothingWhateverFailsWhen(long seed) throws IOException {
        Random random = new Random(seed);
        Set<InvocationRecord> owed = new HashSet<>();
        List<UUID> begun = new ArrayList<>();
        disk.failsWhen(() -> random.nextInt(3) > 0);
        try (Journal journal = open()) {
            for (int step = 0; step < 600; step++) {
                UUID id = Records.id(step);
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        if (journal.started(Records.standIn(id))) {
                            begun.add(id);
                        }
                    }
                    case 2, 3 -> {
                        if (!begun.isEmpty()) {
                            UUID ended = begun.remove(random.nextInt(begun.size()));
                            journal.finished(Records.done(ended));
                            owed.add(Records.done(ended));
                        }
                    }
                    case 4 -> {
                        Shipment shipment = journal.poll(1 + random.nextInt(3));
                        if (shipment != null && random.nextBoolean()) {
                            journal.acked(shipment);
                            owed.removeAll(shipment.batch().records());
                        }
                    }
                    default -> journal.sync();
                }
                if (step % 50 == 0) {
                    assertThat(afterADeath().values())
                            .as("seed %d, step %d", seed, step)
                            .containsAll(owed);
                }
            }
        }
    }

    /** What another process finds in the files as they are now. */
    private Map<UUID, InvocationRecord> afterADeath() throws IOException {
        Path copy = Files.createTempDirectory(folder, "copy");
        for (Path file : JournalFiles.in(folder)) {
            try {
                Files.copy(file, copy.resolve(file.getFileName()));
            } catch (NoSuchFileException e) {
                // It was not needed any more when they were listed: its copy is among them.
            }
        }
        Map<UUID, InvocationRecord> found = new HashMap<>();
        try (Journal journal = Journal.open(new JournalSettings(copy, 64 << 10, 100))) {
            // Twice is allowed, once in a file that is given up and once in its copy: but then the same.
            records(drain(journal)).forEach(record -> {
                InvocationRecord other = found.put(record.invocationId(), record);
                assertThat(other == null || other.equals(record)).isTrue();
            });
        }
        return found;
    }

    private void awaitSpare() throws IOException {
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            List<Long> files = files();
            return files.size() > 1 && Files.size(file(files.getLast())) == 64 << 10;
        });
    }

    private void syncUntilItReachesTheDisk(Journal journal) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            journal.sync();
            return journal.reachesDisk() && journal.syncFailures() > 0;
        });
    }

    private List<Long> files() throws IOException {
        return JournalFiles.in(folder).stream().map(JournalFiles::number).toList();
    }

    private Path file(long number) throws IOException {
        return JournalFiles.in(folder).stream()
                .filter(file -> JournalFiles.number(file) == number)
                .findFirst()
                .orElseThrow();
    }

    private JournalSettings settings(Duration syncEvery) {
        return new JournalSettings(folder, 64 << 10, SEGMENTS_MAX, syncEvery);
    }

    /** Synchronises when it is told to. */
    private Journal open() {
        return Journal.open(settings(Duration.ZERO), disk);
    }

    private static InvocationRecord done(long number) {
        return Records.done(Records.id(number));
    }

    private static void call(Journal journal, long number) {
        UUID id = Records.id(number);
        assertThat(journal.started(Records.standIn(id))).isTrue();
        journal.finished(Records.done(id));
    }

    private static List<Shipment> drain(Journal journal) {
        return Stream.generate(() -> journal.poll(100))
                .takeWhile(shipment -> shipment != null)
                .toList();
    }

    private static List<InvocationRecord> records(List<Shipment> shipments) {
        return shipments.stream()
                .flatMap(shipment -> shipment.batch().records().stream())
                .toList();
    }
}
