package dev.wisp.bench.warm;

import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load by wrk, which itself costs least. */
final class Wrk implements LoadGenerator {

    private static final Pattern PERCENTILE = Pattern.compile("\\s+(\\d+)%\\s+([\\d.]+)(us|ms|s|m)");
    private static final Pattern TOTAL = Pattern.compile("\\s*(\\d+) requests in ([\\d.]+)(us|ms|s|m),.*");
    private static final Pattern STATUS_FAILURES = Pattern.compile("\\s*Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern SOCKET_FAILURES =
            Pattern.compile("\\s*Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

    private final Path program;
    private final int connections;

    Wrk(Path program, int connections) {
        this.program = program;
        this.connections = connections;
    }

    @Override
    public String name() {
        return "wrk, one thread";
    }

    @Override
    public LoadRound run(InetSocketAddress address, String host, int seconds) {
        String url = "http://%s:%d/".formatted(address.getAddress().getHostAddress(), address.getPort());
        try {
            Process process = new ProcessBuilder(
                            program.toString(),
                            "--threads",
                            "1",
                            "--connections",
                            Integer.toString(connections),
                            "--duration",
                            seconds + "s",
                            "--latency",
                            "--header",
                            "Host: " + host,
                            url)
                    .redirectErrorStream(true)
                    .start();
            return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BenchException("cannot run wrk: " + e, e);
        }
    }

    static LoadRound parse(String output) {
        long[] percentiles = new long[100];
        LoadRound round = new LoadRound(0, 0, 0, 0, 0, 0, 0);
        long failures = 0;
        for (String line : output.lines().toList()) {
            Matcher percentile = PERCENTILE.matcher(line);
            if (percentile.matches()) {
                percentiles[Math.min(99, Integer.parseInt(percentile.group(1)))] =
                        micros(percentile.group(2), percentile.group(3));
            }
            Matcher total = TOTAL.matcher(line);
            if (total.matches()) {
                double seconds = micros(total.group(2), total.group(3)) / 1e6;
                round = new LoadRound(Long.parseLong(total.group(1)), seconds, 0, 0, 0, 0, 0);
            }
            failures += sum(STATUS_FAILURES.matcher(line)) + sum(SOCKET_FAILURES.matcher(line));
        }
        if (round.requests() == 0) {
            throw new BenchException("wrk measured nothing: " + output.strip());
        }
        return new LoadRound(
                round.requests(), round.seconds(), percentiles[50], percentiles[90], percentiles[99], failures, 0);
    }

    private static long sum(Matcher counts) {
        long sum = 0;
        if (counts.matches()) {
            for (int group = 1; group <= counts.groupCount(); group++) {
                sum += Long.parseLong(counts.group(group));
            }
        }
        return sum;
    }

    private static long micros(String value, String unit) {
        double factor = switch (unit) {
            case "us" -> 1;
            case "ms" -> 1e3;
            case "s" -> 1e6;
            default -> 60e6;
        };
        return Math.round(Double.parseDouble(value) * factor);
    }
}
