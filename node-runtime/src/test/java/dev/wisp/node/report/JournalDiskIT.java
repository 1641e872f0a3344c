package dev.wisp.node.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.invocation.InvocationRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal on a disk that is a file in memory: what is in the file is what a loss of power leaves, and where the memory ends the disk's
 * writes fail as those of a broken one. All of it is in a mount namespace of a process that ends with the test.
 */
@Timeout(60)
class JournalDiskIT {

    @TempDir
    private Path folder;

    @Test
    void hasAfterALossOfPowerWhatWasBroughtToTheDisk() throws Exception {
        run("32m", "", LossOfPower.class);
    }

    @Test
    void takesNoCallsWhileTheKernelCannotWriteAndGoesOnAfterwards() throws Exception {
        run("5m", "-O ^has_journal", BrokenDisk.class);
    }

    private void run(String memory, String format, Class<?> program) throws Exception {
        assumeTrue(
                Files.isWritable(Path.of("/dev/loop-control")) && Files.isExecutable(Path.of("/usr/sbin/mkfs.ext4")),
                "a disk in a file needs root, loop devices and mkfs.ext4");
        for (String name : List.of("memory", "disk", "after")) {
            Files.createDirectory(folder.resolve(name));
        }
        String script = """
                set -e
                cd %s
                mount -t tmpfs -o size=%s none memory
                truncate -s 64M memory/image
                mkfs.ext4 -q %s -E nodiscard memory/image
                mount -o loop memory/image disk
                exec "$@"
                """.formatted(folder, memory, format);
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "private",
                        "sh",
                        "-c",
                        script,
                        "sh",
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static JournalSettings settings(String folder) {
        return new JournalSettings(Path.of(folder), 1 << 20, 32, Duration.ZERO);
    }

    private static void call(Journal journal, long number) {
        assertThat(journal.started(Records.standIn(Records.id(number)))).isTrue();
        journal.finished(Records.done(Records.id(number)));
    }

    private static Set<InvocationRecord> drain(Journal journal) {
        Set<InvocationRecord> records = new HashSet<>();
        for (Shipment next = journal.poll(100); next != null; next = journal.poll(100)) {
            records.addAll(next.batch().records());
        }
        return records;
    }

    private static void shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command).inheritIO().start();
        assertThat(process.waitFor()).as(command).isZero();
    }

    /** Takes a picture of the disk in the middle of its work, as a loss of power would. */
    static final class LossOfPower {

        private LossOfPower() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            Set<InvocationRecord> onDisk = new HashSet<>();
            Set<InvocationRecord> appended = new HashSet<>();
            try (Journal journal = Journal.open(settings("disk/journal"))) {
                for (int i = 0; i < 100; i++) {
                    call(journal, i);
                    onDisk.add(Records.done(Records.id(i)));
                }
                shell("cp memory/image memory/before");
                journal.sync();
                for (int i = 100; i < 200; i++) {
                    call(journal, i);
                    appended.add(Records.done(Records.id(i)));
                }

                shell("cp memory/image memory/then");
            }

            assertThat(found("before")).as("what the disk had before").doesNotContainAnyElementsOf(onDisk);
            Set<InvocationRecord> found = found("then");
            appended.addAll(onDisk);
            assertThat(found).containsAll(onDisk);
            assertThat(appended).containsAll(found);
        }

        private static Set<InvocationRecord> found(String image) throws IOException, InterruptedException {
            shell("mount -o loop memory/%s after".formatted(image));
            try (Journal journal = Journal.open(settings("after/journal"))) {
                return drain(journal);
            } finally {
                shell("umount after");
            }
        }
    }

    /** Fills the disk until the kernel cannot write, and then gives it room. */
    static final class BrokenDisk {

        private BrokenDisk() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            Set<InvocationRecord> appended = new HashSet<>();
            try (Journal journal = Journal.open(settings("disk"))) {
                long number = 0;
                while (journal.reachesDisk()) {
                    call(journal, number);
                    appended.add(Records.done(Records.id(number++)));
                    if (number % 500 == 0) {
                        journal.sync();
                    }
                }
                assertThat(journal.started(Records.standIn(Records.id(number)))).isFalse();
                assertThat(journal.syncFailures()).isPositive();

                shell("mount -o remount,size=48m memory");
                await().pollInterval(Duration.ofMillis(10)).until(() -> {
                    journal.sync();
                    return journal.reachesDisk();
                });

                call(journal, number);
                appended.add(Records.done(Records.id(number)));
                assertThat(drain(journal)).isEqualTo(appended);
            }
        }
    }
}
