package dev.wisp.autoscaler.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a folder in the format of the Azure Functions trace of 2019: {@code invocations.csv} with a column a minute, {@code durations.csv}
 * and {@code memory.csv}. The calls of a minute are spread evenly over it, each takes the median duration, at least a millisecond.
 */
public final class AzureTrace {

    private static final int FUNCTIONS_MAX = 100_000;
    private static final long CALLS_MAX = 50_000_000;
    private static final double MINUTE_SECONDS = 60;
    private static final double DURATION_MILLIS_MIN = 1;
    private static final double MEBIBYTES_PER_GB = 1024;

    private AzureTrace() {}

    public static Recording read(Path folder) {
        Map<String, Double> millis = column(folder.resolve("durations.csv"), "percentile_Average_50");
        Map<String, Double> memory = column(folder.resolve("memory.csv"), "AverageAllocatedMb");
        Path file = folder.resolve("invocations.csv");
        List<CallSeries> series = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            List<String> header = header(file, lines);
            int name = index(file, header, "HashFunction");
            int first = firstMinute(file, header);
            long calls = 0;
            for (String line = lines.readLine(); line != null && !line.isBlank(); line = lines.readLine()) {
                String[] fields = line.split(",", -1);
                if (fields.length != header.size()) {
                    throw malformed(
                            file, "a line has %d fields, the header %d".formatted(fields.length, header.size()));
                }
                double[] arrivals = arrivals(file, fields, first);
                calls += arrivals.length;
                if (series.size() == FUNCTIONS_MAX || calls > CALLS_MAX) {
                    throw malformed(file, "more than %d functions or %d calls".formatted(FUNCTIONS_MAX, CALLS_MAX));
                }
                series.add(series(file, fields[name], arrivals, millis, memory));
            }
            return new Recording(series, (header.size() - first) * MINUTE_SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CallSeries series(
            Path file, String function, double[] arrivals, Map<String, Double> millis, Map<String, Double> memory) {
        Double duration = millis.get(function);
        Double megabytes = memory.get(function);
        if (duration == null || megabytes == null || !(megabytes > 0)) {
            throw malformed(file, "function %s has no duration or no memory".formatted(function));
        }
        double[] service = new double[arrivals.length];
        Arrays.fill(service, Math.max(DURATION_MILLIS_MIN, duration) / 1_000);
        return new CallSeries(function, megabytes / MEBIBYTES_PER_GB, arrivals, service);
    }

    private static double[] arrivals(Path file, String[] fields, int first) {
        long total = 0;
        int[] counts = new int[fields.length - first];
        for (int minute = 0; minute < counts.length; minute++) {
            counts[minute] = (int) number(file, fields[first + minute]);
            total += counts[minute];
        }
        if (total > CALLS_MAX) {
            throw malformed(file, "more than %d calls".formatted(CALLS_MAX));
        }
        double[] arrivals = new double[(int) total];
        int next = 0;
        for (int minute = 0; minute < counts.length; minute++) {
            for (int call = 0; call < counts[minute]; call++) {
                arrivals[next++] = MINUTE_SECONDS * minute + (call + 0.5) / counts[minute] * MINUTE_SECONDS;
            }
        }
        return arrivals;
    }

    private static Map<String, Double> column(Path file, String column) {
        Map<String, Double> values = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            List<String> header = header(file, lines);
            int name = index(file, header, "HashFunction");
            int value = index(file, header, column);
            for (String line = lines.readLine(); line != null && !line.isBlank(); line = lines.readLine()) {
                String[] fields = line.split(",", -1);
                if (fields.length <= Math.max(name, value) || values.size() == FUNCTIONS_MAX) {
                    throw malformed(file, "a line is too short, or there are more than " + FUNCTIONS_MAX);
                }
                values.put(fields[name], number(file, fields[value]));
            }
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> header(Path file, BufferedReader lines) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw malformed(file, "is empty");
        }
        return List.of(line.split(",", -1));
    }

    private static int index(Path file, List<String> header, String column) {
        int index = header.indexOf(column);
        if (index < 0) {
            throw malformed(file, "has no column " + column);
        }
        return index;
    }

    /** Minutes are the columns whose names are numbers, the last of the line. */
    private static int firstMinute(Path file, List<String> header) {
        for (int i = 0; i < header.size(); i++) {
            if (!header.get(i).isEmpty() && header.get(i).chars().allMatch(Character::isDigit)) {
                return i;
            }
        }
        throw malformed(file, "has no column of a minute");
    }

    private static double number(Path file, String text) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= Integer.MAX_VALUE) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for both.
        }
        throw malformed(file, "'%s' is not a number in 0..%d".formatted(text, Integer.MAX_VALUE));
    }

    private static IllegalArgumentException malformed(Path file, String what) {
        return new IllegalArgumentException("%s: %s".formatted(file.getFileName(), what));
    }
}
