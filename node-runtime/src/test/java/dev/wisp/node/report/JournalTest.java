package dev.wisp.node.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.NodeCpu;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.TimeCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @TempDir
    private Path folder;

    @Test
    void handsOutWhatWasFinishedInOrder() {
        try (Journal journal = open()) {
            for (int i = 0; i < 5; i++) {
                call(journal, i);
            }

            assertThat(drain(journal)).containsExactly(done(0), done(1), done(2), done(3), done(4));
            assertThat(journal.pending()).isEqualTo(5);
        }
    }

    @Test
    void handsOutAgainAfterARestartWhatWasNotAcknowledged() {
        try (Journal journal = open()) {
            for (int i = 0; i < 4; i++) {
                call(journal, i);
            }
            ack(journal, 2);
        }

        try (Journal again = open()) {
            assertThat(drain(again)).containsExactly(done(2), done(3));
        }
    }

    @Test
    void recordsCallsThatWereCutOffAsNotBilledAndOnlyOnce() {
        try (Journal journal = open()) {
            assertThat(journal.started(Records.standIn(Records.id(1)))).isTrue();
            call(journal, 2);
        }

        try (Journal again = open()) {
            List<InvocationRecord> sent = drain(again);

            assertThat(sent).containsExactlyInAnyOrder(done(2), Records.standIn(Records.id(1)));
        }
        try (Journal third = open()) {
            assertThat(drain(third)).containsExactlyInAnyOrder(done(2), Records.standIn(Records.id(1)));
        }
    }

    /** It went to another instance: what stays of it is there, or nowhere. */
    @Test
    void forgetsACallThatWasHandedBack() {
        try (Journal journal = open()) {
            journal.started(Records.standIn(Records.id(1)));
            journal.dropped(Records.id(1));
            journal.started(Records.standIn(Records.id(2)));
            journal.dropped(Records.id(2));
            journal.started(Records.standIn(Records.id(2)));
            journal.finished(done(2));
            assertThat(drain(journal)).containsExactly(done(2));
            journal.started(Records.standIn(Records.id(3)));
            journal.dropped(Records.id(3));
            assertThatThrownBy(() -> journal.finished(done(3))).isInstanceOf(IllegalStateException.class);
        }

        try (Journal again = open()) {
            assertThat(drain(again)).containsExactly(done(2));
        }
    }

    @Test
    void canBeOpenedAgainAsSoonAsItIsClosed() {
        for (int i = 0; i < 500; i++) {
            try (Journal journal = open()) {
                assertThat(journal.pending()).isZero();
            }
        }
    }

    @Test
    void deletesFilesOnceAllInThemIsAcknowledged() {
        try (Journal journal = open()) {
            for (int i = 0; i < 200; i++) {
                callWhenThereIsRoom(journal, i);
                ack(journal, 1);
            }

            assertThat(journal.segmentCount()).isLessThanOrEqualTo(2);
            assertThat(journal.pending()).isZero();
        }
    }

    @Test
    void refusesNewCallsWhenFullButFinishesThoseThatBegan() {
        try (Journal journal = open()) {
            List<UUID> begun = new ArrayList<>();
            long number = 0;
            while (begun.size() < 5) {
                UUID id = Records.id(number++);
                assertThat(journal.started(Records.standIn(id))).isTrue();
                begun.add(id);
            }
            while (journal.segmentCount() < settings().segmentsMax() || callIfRoom(journal, number)) {
                callIfRoom(journal, number++);
            }

            begun.forEach(id -> journal.finished(Records.done(id)));

            assertThat(journal.started(Records.standIn(Records.id(number)))).isFalse();
        }
    }

    @Test
    void takesCallsAgainWhenTheBrokerHasCaughtUp() {
        try (Journal journal = open()) {
            long number = 0;
            while (journal.segmentCount() < settings().segmentsMax() || callIfRoom(journal, number)) {
                callIfRoom(journal, number++);
            }

            ack(journal, Integer.MAX_VALUE);

            await().atMost(Duration.ofSeconds(10)).until(() -> journal.started(Records.standIn(Records.id(-1))));
        }
    }

    @Test
    void doesNotLetOneLongCallHoldTheWholeJournal() {
        UUID longCall = Records.id(-7);
        try (Journal journal = open()) {
            assertThat(journal.started(Records.standIn(longCall))).isTrue();
            for (int i = 0; i < 500; i++) {
                callWhenThereIsRoom(journal, i);
                ack(journal, 1);
            }

            assertThat(journal.segmentCount()).isLessThanOrEqualTo(3);
        }

        try (Journal again = open()) {
            assertThat(drain(again)).extracting(InvocationRecord::invocationId).contains(longCall);
        }
    }

    @Test
    void refusesToFinishWhatDidNotBegin() {
        try (Journal journal = open()) {
            assertThatThrownBy(() -> journal.finished(done(1))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void losesAtMostTheDamagedEntryWhicheverByteIsFlipped() throws IOException {
        try (Journal journal = open()) {
            for (int i = 0; i < 4; i++) {
                call(journal, i);
            }
        }
        Path segment = onlySegmentWithEntries();
        byte[] good = Files.readAllBytes(segment);
        int used = lastNonZero(good) + 16;
        for (int at = 0; at < used; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << (at % 8));

            assertNothingInvented(recover(segment.getFileName().toString(), bad), at);
        }
    }

    @Test
    void keepsEveryWholeEntryWhereverTheFileIsCut() throws IOException {
        try (Journal journal = open()) {
            for (int i = 0; i < 4; i++) {
                call(journal, i);
            }
        }
        Path segment = onlySegmentWithEntries();
        byte[] good = Files.readAllBytes(segment);
        int used = lastNonZero(good) + 1;
        int before = 0;
        for (int length = 0; length <= used; length += 3) {
            Map<UUID, InvocationRecord> found =
                    recover(segment.getFileName().toString(), java.util.Arrays.copyOf(good, length));

            long whole = found.values().stream()
                    .filter(record -> record.outcome() == Outcome.SUCCESS)
                    .count();
            assertThat(whole).isGreaterThanOrEqualTo(before);
            before = (int) whole;
        }
        assertThat(before).isGreaterThanOrEqualTo(3);
    }

    @Test
    void takesAppendsFromManyThreads() {
        JournalSettings roomy = new JournalSettings(folder, 1 << 20, 8);
        try (Journal journal = Journal.open(roomy)) {
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                long base = writer * 1_000L;
                writers.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 500; i++) {
                        call(journal, base + i);
                    }
                }));
            }
            writers.forEach(CompletableFuture::join);

            assertThat(new HashSet<>(drain(journal))).hasSize(2_000);
        }
    }

    private void assertNothingInvented(Map<UUID, InvocationRecord> found, int at) {
        Set<InvocationRecord> possible = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            possible.add(done(i));
            possible.add(Records.standIn(Records.id(i)));
        }
        assertThat(possible).as("flip at %d", at).containsAll(found.values());
        assertThat(found.values().stream()
                        .filter(record -> record.outcome() == Outcome.SUCCESS)
                        .count())
                .as("flip at %d", at)
                .isGreaterThanOrEqualTo(3);
    }

    private Map<UUID, InvocationRecord> recover(String name, byte[] bytes) throws IOException {
        Path copy = Files.createTempDirectory(folder, "copy");
        Files.write(copy.resolve(name), bytes);
        Map<UUID, InvocationRecord> found = new HashMap<>();
        try (Journal journal = Journal.open(new JournalSettings(copy, 4 << 10, 4))) {
            for (InvocationRecord record : drain(journal)) {
                assertThat(found.put(record.invocationId(), record))
                        .as("sent twice")
                        .isNull();
            }
        }
        return found;
    }

    private Path onlySegmentWithEntries() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
    }

    private static int lastNonZero(byte[] bytes) {
        int last = bytes.length - 1;
        while (bytes[last] == 0) {
            last--;
        }
        return last;
    }

    /** Five calls fit the first file: the next one is made beside. */
    private JournalSettings settings() {
        return new JournalSettings(folder, 8 << 10, 4);
    }

    private Journal open() {
        return Journal.open(settings());
    }

    private static InvocationRecord done(long number) {
        return Records.done(Records.id(number));
    }

    private static void call(Journal journal, long number) {
        assertThat(callIfRoom(journal, number)).as("room for call %d", number).isTrue();
    }

    @Test
    void whatAnInstanceHadOfTimeSurvivesAndIsShippedInOrder() {
        JournalSettings settings = new JournalSettings(folder, 64 << 10, 8);
        NodeCpu cpu = new NodeCpu("node-1", 7, 1, 9, 1_000, 10);
        try (Journal journal = Journal.open(settings)) {
            await().until(() -> journal.noted(Records.time(1)));
            assertThat(journal.noted(cpu)).isTrue();
        }

        try (Journal journal = Journal.open(settings)) {
            assertThat(journal.pending()).isEqualTo(2);
            Shipment first = Objects.requireNonNull(journal.poll(100));
            Shipment second = Objects.requireNonNull(journal.poll(100));
            assertThat(first.key()).isEqualTo("default");
            assertThat(TimeCodec.instanceTime(first.batch().encoded().getFirst()))
                    .isEqualTo(Records.time(1));
            assertThat(second.key()).isEqualTo("node-1");
            assertThat(TimeCodec.nodeCpu(second.batch().encoded().getFirst())).isEqualTo(cpu);
            journal.acked(first);
            journal.acked(second);
            assertThat(journal.pending()).isZero();
        }
    }

    private static void callWhenThereIsRoom(Journal journal, long number) {
        await().pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(10))
                .until(() -> callIfRoom(journal, number));
    }

    private static boolean callIfRoom(Journal journal, long number) {
        UUID id = Records.id(number);
        if (!journal.started(Records.standIn(id))) {
            return false;
        }
        journal.finished(Records.done(id));
        return true;
    }

    private static List<InvocationRecord> drain(Journal journal) {
        List<InvocationRecord> records = new ArrayList<>();
        for (Shipment next = journal.poll(100); next != null; next = journal.poll(100)) {
            records.addAll(next.batch().records());
        }
        return records;
    }

    private static void ack(Journal journal, int count) {
        for (int i = 0; i < count; i++) {
            Shipment next = journal.poll(1);
            if (next == null) {
                return;
            }
            journal.acked(next);
        }
    }
}
