package dev.wisp.bench.sandbox;

import dev.wisp.bench.statistic.Median;
import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.StartStep;
import dev.wisp.node.sandbox.TracedStart;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where the time of a start goes: the median of every system call that it waits for, and of the runtime's own phases, over many starts. */
final class StepTable {

    private static final int CALL_CHARACTERS_MAX = 110;
    private static final int DEAREST = 12;

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
        // Sandboxes that were parked with the image mounted make fewer calls at a start than plain ones.
        Map<Long, List<List<StartStep>>> kinds = starts.stream()
                .collect(Collectors.groupingBy(StepTable::waitedCalls, TreeMap::new, Collectors.toList()));
        kinds.forEach((calls, kind) -> print(out, kind));
        out.println("phases of the runtime, µs, over all kinds");
        phases.forEach((name, micros) -> out.printf(Locale.ROOT, "%8.1f  %s%n", Median.of(micros), name));
    }

    private static long waitedCalls(List<StartStep> steps) {
        return steps.stream().filter(StartStep::waited).count();
    }

    private static void print(PrintStream out, List<List<StartStep>> kind) {
        out.printf("%nmedian of %d starts, µs; the child's system calls while a start waits%n", kind.size());
        List<List<StartStep>> waited = kind.stream()
                .map(steps -> steps.stream().filter(StartStep::waited).toList())
                .toList();
        for (int row = 0; row < waited.getFirst().size(); row++) {
            int at = row;
            double micros = Median.of(waited.stream()
                    .map(steps -> Math.max(0, steps.get(at).micros()))
                    .toList());
            out.printf(
                    Locale.ROOT,
                    "%8.1f  %s%n",
                    micros,
                    cut(waited.getFirst().get(row).call()));
        }
        out.printf(Locale.ROOT, "%8.1f  in all%n", sum(kind, true));
        out.printf(
                Locale.ROOT,
                "%8.1f  spent on the %d calls before, while nobody waits%n",
                sum(kind, false),
                kind.getFirst().size() - waited.getFirst().size());
        dearestBefore(kind).forEach(line -> out.println("          " + line));
    }

    /** Of the calls while nobody waits the steps that take most, each with all of its calls. */
    private static List<String> dearestBefore(List<List<StartStep>> kind) {
        Map<String, List<Double>> byStep = new LinkedHashMap<>();
        for (List<StartStep> steps : kind) {
            steps.stream()
                    .filter(step -> !step.waited() && step.micros() > 0)
                    .collect(Collectors.groupingBy(StepTable::name, Collectors.summingDouble(StartStep::micros)))
                    .forEach((name, micros) ->
                            byStep.computeIfAbsent(name, _ -> new ArrayList<>()).add(micros));
        }
        return byStep.entrySet().stream()
                .sorted(Comparator.comparingDouble(step -> -Median.of(step.getValue())))
                .limit(DEAREST)
                .map(step -> String.format(Locale.ROOT, "%8.1f  %s", Median.of(step.getValue()), step.getKey()))
                .toList();
    }

    private static String name(StartStep step) {
        return step.call().substring(step.call().indexOf("  # ") + 4);
    }

    private static double sum(List<List<StartStep>> kind, boolean waited) {
        return Median.of(kind.stream()
                .map(steps -> steps.stream()
                        .filter(step -> step.waited() == waited && step.micros() > 0)
                        .mapToDouble(StartStep::micros)
                        .sum())
                .toList());
    }

    private static String cut(String call) {
        return call.length() <= CALL_CHARACTERS_MAX
                ? call
                : call.substring(0, 60) + " … " + call.substring(call.indexOf("  # ") + 2);
    }
}
