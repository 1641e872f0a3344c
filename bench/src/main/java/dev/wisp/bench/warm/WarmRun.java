package dev.wisp.bench.warm;

import dev.wisp.bench.process.JvmThreads;
import dev.wisp.bench.process.JvmThreads.Part;
import dev.wisp.bench.process.JvmThreads.Used;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.statistic.Samples;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Loads several ways to the same server, in turn, round after round. */
final class WarmRun {

    private final LoadGenerator load;
    private final int seconds;
    private final LongSupplier jvm;
    private final List<Way> ways = new ArrayList<>();
    private final Map<Part, Used> used = new EnumMap<>(Part.class);
    private final List<Double> warmUp = new ArrayList<>();
    private int perSecond;

    /**
     * One way to the server, and what was measured on it.
     *
     * @param cpuMicros processor time so far of the processes in between
     * @param paced calls at a low rate
     */
    record Way(
            String name,
            InetSocketAddress address,
            String host,
            LongSupplier cpuMicros,
            List<LoadRound> rounds,
            Samples paced) {

        long calls() {
            return rounds.stream().mapToLong(LoadRound::requests).sum();
        }
    }

    /** @param jvm process whose threads are looked at while the first way is loaded */
    WarmRun(LoadGenerator load, int seconds, LongSupplier jvm) {
        this.load = load;
        this.seconds = seconds;
        this.jvm = jvm;
    }

    /** The first way added is the one that others are compared with. */
    void add(String name, InetSocketAddress address, String host, LongSupplier cpuMicros) {
        ways.add(new Way(name, address, host, cpuMicros, new ArrayList<>(), new Samples()));
    }

    /** Until a call takes the same processor time from round to round, on the first way; the others are programs that need less. */
    void warmUp(int secondsMax) {
        ways.subList(1, ways.size()).forEach(this::round);
        while (!SteadyPolicy.isSteady(warmUp) && (warmUp.size() + 1) * seconds <= secondsMax) {
            LoadRound round = round(ways.getFirst());
            warmUp.add((double) round.cpuMicros() / round.requests());
        }
    }

    void measure(int rounds) {
        for (int i = 0; i < rounds; i++) {
            Map<Part, Used> before = JvmThreads.read(jvm.getAsLong());
            ways.getFirst().rounds().add(round(ways.getFirst()));
            JvmThreads.read(jvm.getAsLong())
                    .forEach((part, now) ->
                            used.merge(part, now.since(before.getOrDefault(part, Used.NONE)), Used::plus));
            for (Way way : ways.subList(1, ways.size())) {
                way.rounds().add(round(way));
            }
        }
    }

    /** One call after the other at this rate, on each way in turn. */
    void pace(int callsPerSecond, int rounds) {
        perSecond = callsPerSecond;
        PacedLoad paced = new PacedLoad(callsPerSecond);
        for (int i = 0; i < rounds; i++) {
            for (Way way : ways) {
                paced.run(way.address(), way.host(), seconds, way.paced());
            }
        }
    }

    List<Way> ways() {
        return ways;
    }

    /** What the threads of the first way's process used in its rounds, by what they are for. */
    Map<Part, Used> used() {
        return used;
    }

    /** Processor time of a call in each round of the warm-up, microseconds. */
    List<Double> warmUp() {
        return warmUp;
    }

    /** Calls a second at the low rate, 0 when there were none. */
    int perSecond() {
        return perSecond;
    }

    int seconds() {
        return seconds;
    }

    String loadedBy() {
        return load.name();
    }

    private LoadRound round(Way way) {
        long cpuBefore = way.cpuMicros().getAsLong();
        LoadRound round = load.run(way.address(), way.host(), seconds)
                .withCpuMicros(way.cpuMicros().getAsLong() - cpuBefore);
        if (round.failures() > 0) {
            throw new BenchException(
                    "%s: %d of %d requests failed".formatted(way.name(), round.failures(), round.requests()));
        }
        return round;
    }
}
