package dev.wisp.autoscaler.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads recorded calls, one a line: {@code function,memoryBytes,arrivalMicros,serviceMicros}, in any order. Time begins at the first call and
 * ends when the last one is done.
 */
public final class CallLog {

    private static final int CALLS_MAX = 5_000_000;
    private static final int FIELDS = 4;
    private static final double BYTES_PER_GB = 1 << 30;
    private static final double MICROS = 1e6;

    private CallLog() {}

    private record Call(long memoryBytes, long arrivalMicros, long serviceMicros) {}

    public static Recording read(Path file) {
        Map<String, List<Call>> calls = new LinkedHashMap<>();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        int count = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (count++ == CALLS_MAX) {
                    throw new IllegalArgumentException("%s: more than %d calls".formatted(file, CALLS_MAX));
                }
                String[] fields = line.split(",", -1);
                Call call = call(file, count, fields);
                first = Math.min(first, call.arrivalMicros());
                last = Math.max(last, call.arrivalMicros() + call.serviceMicros());
                calls.computeIfAbsent(fields[0], name -> new ArrayList<>()).add(call);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long begin = first;
        return new Recording(
                calls.entrySet().stream()
                        .map(entry -> series(entry.getKey(), entry.getValue(), begin))
                        .toList(),
                count == 0 ? 0 : (last - begin) / MICROS);
    }

    private static CallSeries series(String function, List<Call> calls, long begin) {
        calls.sort(Comparator.comparingLong(Call::arrivalMicros));
        return new CallSeries(
                function,
                calls.getLast().memoryBytes() / BYTES_PER_GB,
                calls.stream()
                        .mapToDouble(call -> (call.arrivalMicros() - begin) / MICROS)
                        .toArray(),
                calls.stream()
                        .mapToDouble(call -> call.serviceMicros() / MICROS)
                        .toArray());
    }

    private static Call call(Path file, int line, String[] fields) {
        try {
            if (fields.length == FIELDS) {
                Call call = new Call(Long.parseLong(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3]));
                if (call.memoryBytes() > 0 && call.serviceMicros() >= 0) {
                    return call;
                }
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for all.
        }
        throw new IllegalArgumentException(
                "%s:%d: must be function,memoryBytes,arrivalMicros,serviceMicros".formatted(file.getFileName(), line));
    }
}
