package dev.wisp.bench.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of the whole host, from {@code /proc/meminfo}.
 *
 * @param kernelBytes slabs, kernel stacks, page tables, per-processor memory and large areas
 * @param usedBytes everything that is not available
 */
record HostMemory(long kernelBytes, long usedBytes) {

    static HostMemory now() {
        try {
            String text = Files.readString(Path.of("/proc/meminfo"));
            return new HostMemory(
                    field(text, "Slab")
                            + field(text, "KernelStack")
                            + field(text, "PageTables")
                            + field(text, "Percpu")
                            + field(text, "VmallocUsed"),
                    field(text, "MemTotal") - field(text, "MemAvailable"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostMemory since(HostMemory before) {
        return new HostMemory(kernelBytes - before.kernelBytes, usedBytes - before.usedBytes);
    }

    private static long field(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }
}
