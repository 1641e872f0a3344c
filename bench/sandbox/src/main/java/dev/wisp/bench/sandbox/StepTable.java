package dev.wisp.bench.sandbox;

import dev.wisp.bench.statistic.Median;
import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.StartStep;
import dev.wisp.node.sandbox.TracedStart;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the time of a start goes: the median of every system call that it waits for, and of the runtime's own phases, over many starts. */
final class StepTable {

    private static final int CALL_CHARACTERS_MAX = 110;

    private final List<List<StartStep>> starts = new ArrayList<>();
    private final Map<String, List<Long>> phases = new LinkedHashMap<>();

    static StepTable measure(SandboxHost host, int starts) {
        StepTable table = new StepTable();
        for (int i = 0; i < starts; i++) {
            TracedStart traced = host.runtime().trace(host.spec());
            table.starts.add(traced.steps());
            end(host, traced.sandbox());
            // Taking the steps down costs time itself, so that the phases are those of another start.
            Sandbox plain = host.runtime().start(host.spec());
            table.add(plain.timing().phases());
            end(host, plain);
        }
        return table;
    }

    private static void end(SandboxHost host, Sandbox sandbox) {
        host.askMicros(sandbox);
        sandbox.stop(Duration.ZERO);
        host.settle();
    }

    private void add(List<StartTiming.Phase> timing) {
        timing.forEach(phase ->
                phases.computeIfAbsent(phase.name(), added -> new ArrayList<>()).add(phase.micros()));
    }

    void print(PrintStream out) {
        out.printf("%nmedian of %d starts, µs; the child's system calls while a start waits%n", starts.size());
        double sum = 0;
        List<StartStep> first = starts.getFirst();
        for (int i = 0; i < first.size(); i++) {
            if (first.get(i).waited()) {
                double micros = median(i);
                sum += micros;
                out.printf(Locale.ROOT, "%8.1f  %s%n", micros, cut(first.get(i).call()));
            }
        }
        out.printf(Locale.ROOT, "%8.1f  in all%n", sum);
        out.printf(Locale.ROOT, "%8.1f  spent on the %d calls before, while nobody waits%n", parked(), parkedCalls());
        out.println("phases of the runtime");
        phases.forEach((name, micros) -> out.printf(Locale.ROOT, "%8.1f  %s%n", Median.of(micros), name));
    }

    private double median(int row) {
        return Median.of(starts.stream()
                .filter(steps -> row < steps.size())
                .map(steps -> Math.max(0, steps.get(row).micros()))
                .toList());
    }

    private double parked() {
        return Median.of(starts.stream()
                .map(steps -> steps.stream()
                        .filter(step -> !step.waited() && step.micros() > 0)
                        .mapToDouble(StartStep::micros)
                        .sum())
                .toList());
    }

    private long parkedCalls() {
        return starts.getFirst().stream().filter(step -> !step.waited()).count();
    }

    private static String cut(String call) {
        return call.length() <= CALL_CHARACTERS_MAX
                ? call
                : call.substring(0, 60) + " … " + call.substring(call.indexOf("  # ") + 2);
    }
}
