package dev.wisp.node.linux;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the kernel has logged about processes it killed for memory: a control group only counts them. Thread-safe. */
public final class KernelLog {

    private static final String DEVICE = "/dev/kmsg";
    /** The log's buffer is a megabyte at most here and a record 64 bytes at least. */
    private static final int RECORDS_MAX = 16_384;

    /** The name is the workload's own and may hold anything; the kernel writes control characters of it as text. */
    private static final Pattern KILL =
            Pattern.compile("Killed process \\d+ \\((.{0,64})\\) total-vm:\\d+kB, anon-rss:(\\d+)kB,.* UID:(\\d+) ");

    private final Descriptors files;

    public KernelLog(Descriptors files) {
        this.files = files;
    }

    /**
     * A process that was killed.
     *
     * @param name as the kernel cuts it, 15 characters
     * @param residentBytes its own memory at that moment, without files
     * @param uid host user id it ran as
     */
    public record Kill(String name, long residentBytes, long uid) {

        /** The kill a record tells of, or null. */
        static @Nullable Kill parse(String record) {
            Matcher matcher = KILL.matcher(record);
            return matcher.find()
                    ? new Kill(
                            matcher.group(1), Long.parseLong(matcher.group(2)) << 10, Long.parseLong(matcher.group(3)))
                    : null;
        }
    }

    /** The latest kill of a process of these host user ids; null when there is none or the log may not be read. Takes some milliseconds. */
    public @Nullable Kill lastKill(long firstUid, long uids) {
        int log;
        try {
            log = files.open(DEVICE, Named.flags(Named.O_RDONLY, Named.O_NONBLOCK), 0);
        } catch (ErrnoException e) {
            return null;
        }
        try {
            return lastKill(log, firstUid, uids);
        } finally {
            files.close(log);
        }
    }

    /** Each reading gives one record; an empty one says that older ones were overwritten meanwhile. */
    private @Nullable Kill lastKill(int log, long firstUid, long uids) {
        Kill last = null;
        byte[] bytes = files.readSome(log);
        for (int records = 0; bytes != null && records < RECORDS_MAX; records++) {
            Kill kill = Kill.parse(new String(bytes, StandardCharsets.UTF_8));
            if (kill != null && kill.uid() >= firstUid && kill.uid() < firstUid + uids) {
                last = kill;
            }
            bytes = files.readSome(log);
        }
        return last;
    }
}
