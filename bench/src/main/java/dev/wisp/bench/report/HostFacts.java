package dev.wisp.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were measured on. */
record HostFacts(
        String cpu, int cores, @JsonProperty("memory_bytes") long memoryBytes, String kernel, String java) {

    static HostFacts ofThisHost() {
        return new HostFacts(
                field(Path.of("/proc/cpuinfo"), "model name"),
                Runtime.getRuntime().availableProcessors(),
                memoryBytes(field(Path.of("/proc/meminfo"), "MemTotal")),
                System.getProperty("os.version", ""),
                System.getProperty("java.vm.version", ""));
    }

    private static long memoryBytes(String kibibytes) {
        String digits = kibibytes.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) << 10;
    }

    private static String field(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
