package dev.wisp.node.sandbox;

import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.Spawner;
import dev.wisp.node.linux.Table;
import dev.wisp.node.linux.TickScale;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Takes down one start: every row that was walked with its time and result. Owned by the thread that makes the start. */
final class StartTrace implements StartObserver {

    private static final double UNKNOWN = -1;

    private final Spawner spawner;
    private final TickScale scale;
    private long opening;
    private long executed;
    private List<Table.Result> results = List.of();

    StartTrace(Spawner spawner, TickScale scale) {
        this.spawner = spawner;
        this.scale = scale;
    }

    @Override
    public void opening() {
        opening = spawner.clock();
    }

    @Override
    public void executed(Table table) {
        executed = spawner.clock();
        results = table.results();
    }

    /**
     * The time of a row is from the return of the row before to its own. The row that executes the entrypoint never returns: its time is until the runtime
     * has noticed.
     */
    List<StartStep> steps() {
        List<StartStep> steps = new ArrayList<>(results.size());
        int gate = lastGate();
        for (int i = 0; i < results.size(); i++) {
            Table.Result result = results.get(i);
            long before = i == 0 ? 0 : results.get(i - 1).stamp();
            long until = result.stamp();
            if (until == 0 && before != 0) {
                until = executed;
            } else if (i == gate) {
                before = opening;
            }
            // How long it waited at other gates says nothing.
            double micros = result.row().gate() && i != gate ? UNKNOWN : micros(before, until);
            steps.add(new StartStep(result.row().text(), micros, outcome(result), i >= gate));
        }
        return steps;
    }

    private int lastGate() {
        for (int i = results.size() - 1; i > 0; i--) {
            if (results.get(i).row().gate()) {
                return i;
            }
        }
        return 0;
    }

    private double micros(long from, long until) {
        return from == 0 || until == 0 ? UNKNOWN : scale.micros(until - from);
    }

    private static String outcome(Table.Result result) {
        if (result.stamp() == 0) {
            return "";
        }
        return result.value() < 0 ? Errno.name((int) -result.value()) : Long.toString(result.value());
    }

    /** One line a row: number, microseconds, call, result; then what the two parts took. */
    static String text(List<StartStep> steps) {
        StringBuilder text = new StringBuilder("  while nobody waits\n");
        boolean waited = false;
        for (int i = 0; i < steps.size(); i++) {
            StartStep step = steps.get(i);
            if (step.waited() && !waited) {
                waited = true;
                text.append(total(sum(steps, false))).append("  at a start\n");
            }
            text.append("%3d %10s  %s%s%n"
                    .formatted(
                            i,
                            step.micros() < 0 ? "" : String.format(Locale.ROOT, "%.1f", step.micros()),
                            step.call(),
                            step.outcome().isEmpty() ? "" : " = " + step.outcome()));
        }
        return text.append(total(sum(steps, true))).toString();
    }

    private static String total(double micros) {
        return String.format(Locale.ROOT, "%14.1f  in all%n", micros);
    }

    private static double sum(List<StartStep> steps, boolean waited) {
        return steps.stream()
                .filter(step -> step.waited() == waited && step.micros() > 0)
                .mapToDouble(StartStep::micros)
                .sum();
    }
}
