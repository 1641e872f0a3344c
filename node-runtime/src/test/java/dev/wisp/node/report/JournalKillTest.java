package dev.wisp.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the middle of its appends and looks for everything it had acknowledged. */
class JournalKillTest {

    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 2_000;

    @TempDir
    private Path folder;

    @Test
    @Timeout(60)
    void hasEveryAcknowledgedRecordAfterAKill() throws Exception {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appender.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        Set<UUID> acknowledged = readUntilKilled(child);

        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED_BEFORE_THE_KILL);
        Set<UUID> found = new HashSet<>();
        try (Journal journal = Journal.open(new JournalSettings(folder, 256 << 10, 1_000))) {
            for (Shipment next = journal.poll(1); next != null; next = journal.poll(1)) {
                InvocationRecord record = next.batch().records().getFirst();
                assertThat(found.add(record.invocationId())).as("once").isTrue();
                assertThat(record)
                        .isEqualTo(
                                record.outcome() == Outcome.SUCCESS
                                        ? Records.done(record.invocationId())
                                        : Records.standIn(record.invocationId()));
                assertThat(record.outcome() == Outcome.SUCCESS || !acknowledged.contains(record.invocationId()))
                        .isTrue();
            }
        }
        assertThat(found).containsAll(acknowledged);
    }

    private static Set<UUID> readUntilKilled(Process child) throws IOException, InterruptedException {
        Set<UUID> acknowledged = new HashSet<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                // The last line may be cut, and then nobody was told.
                if (line.length() == 36) {
                    acknowledged.add(UUID.fromString(line));
                }
                if (acknowledged.size() == ACKNOWLEDGED_BEFORE_THE_KILL) {
                    // By its handle, which leaves the pipe open: what it said before counts.
                    child.toHandle().destroyForcibly();
                }
            }
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return acknowledged;
    }

    /** Appends for ever and says each id after its record is in. */
    static final class Appender {

        private Appender() {}

        @SuppressWarnings("SystemOut") // Its output is how it acknowledges.
        public static void main(String[] args) throws IOException {
            Journal journal = Journal.open(new JournalSettings(Path.of(args[0]), 256 << 10, 1_000));
            long number = 0;
            while (true) {
                UUID id = Records.id(number++);
                if (journal.started(Records.standIn(id))) {
                    journal.finished(Records.done(id));
                    System.out.write((id + "\n").getBytes(StandardCharsets.US_ASCII));
                    System.out.flush();
                }
            }
        }
    }
}
