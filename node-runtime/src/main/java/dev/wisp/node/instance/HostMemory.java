package dev.wisp.node.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory of the machine, as its kernel sees it.
 *
 * @param availableBytes what could be had without swapping, {@code MemAvailable}
 * @param stalledPercent share of the last ten seconds in which some process waited for memory, {@code some avg10} of the kernel's pressure stall
 *     information; 0 on kernels without it
 */
public record HostMemory(long totalBytes, long availableBytes, double stalledPercent) {

    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path PRESSURE = Path.of("/proc/pressure/memory");
    private static final Pattern TOTAL = Pattern.compile("^MemTotal:\\s+(\\d+) kB", Pattern.MULTILINE);
    private static final Pattern AVAILABLE = Pattern.compile("^MemAvailable:\\s+(\\d+) kB", Pattern.MULTILINE);
    private static final Pattern STALLED = Pattern.compile("^some avg10=(\\d+\\.\\d+)", Pattern.MULTILINE);

    /** As it is now; some 50 µs. */
    public static HostMemory read() {
        try {
            return parse(Files.readString(MEMORY), pressure());
        } catch (IOException e) {
            throw new UncheckedIOException(MEMORY + " cannot be read", e);
        }
    }

    /**
     * From what the kernel writes.
     *
     * @param pressure empty where the kernel has none
     */
    static HostMemory parse(String memory, String pressure) {
        Matcher stalled = STALLED.matcher(pressure);
        return new HostMemory(
                bytes(TOTAL, memory),
                bytes(AVAILABLE, memory),
                stalled.find() ? Double.parseDouble(stalled.group(1)) : 0);
    }

    /** As it will be when so much more is given back; whether processes wait for memory then is seen by the next look. */
    HostMemory with(long comingBytes) {
        return new HostMemory(totalBytes, availableBytes + comingBytes, 0);
    }

    /** The file is there and cannot be read where the kernel was started without it. */
    private static String pressure() {
        try {
            return Files.readString(PRESSURE);
        } catch (IOException e) {
            return "";
        }
    }

    private static long bytes(Pattern line, String text) {
        Matcher matcher = line.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no line %s in '%s'".formatted(line, text));
        }
        return Long.parseLong(matcher.group(1)) << 10;
    }
}
