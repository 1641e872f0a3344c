package dev.wisp.bench.process;

import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Memory of another JVM of the same user: through its own diagnostic commands, and from {@code /proc}. */
public final class JvmMemory {

    private static final long KIB = 1024;

    /** Of each part of the heap, or of all of it, whichever collector there is: the space of classes is none of it. */
    private static final Pattern HEAP_USED = Pattern.compile("^(?!.*(?:Metaspace|class space)).*\\bused (\\d+)K.*");

    private static final String RESIDENT = "VmRSS:";

    private JvmMemory() {}

    /** What is left of its heap after a full collection, bytes; the process stands still meanwhile. */
    public static long heapBytesCollected(long pid) {
        JvmCommand.run(pid, "GC.run");
        return heapBytes(JvmCommand.run(pid, "GC.heap_info"));
    }

    /** Memory of the process that is in the machine's, bytes. */
    public static long residentBytes(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/status"))
                    .lines()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .sum();
        } catch (IOException e) {
            throw new BenchException("process %d is gone: %s".formatted(pid, e), e);
        }
    }

    /** Sums what the command {@code GC.heap_info} says is used. */
    static long heapBytes(String info) {
        return info.lines()
                .map(HEAP_USED::matcher)
                .filter(Matcher::matches)
                .mapToLong(used -> Long.parseLong(used.group(1)) * KIB)
                .sum();
    }
}
