package dev.wisp.bench.load;

import java.util.ArrayList;
import java.util.List;

/** Works out what calls of a run say about how soon the platform followed the load. */
final class SettlePolicy {

    static final long WINDOW_MICROS = 250_000;

    /** From the first of so many windows in a row that are within bounds, a run has settled. */
    static final int WINDOWS_IN_A_ROW = 4;

    private static final double WITHIN = 1.5;

    private SettlePolicy() {}

    /**
     * One window of a run.
     *
     * @param p99Micros of the calls that were made in it, 0 without any
     */
    record Window(long startMicros, int calls, long p99Micros) {}

    /** By the moment calls were made; windows without calls are left out. */
    static List<Window> windows(List<Call> calls) {
        List<List<Call>> byWindow = new ArrayList<>();
        for (Call call : calls) {
            int window = (int) (call.startMicros() / WINDOW_MICROS);
            while (byWindow.size() <= window) {
                byWindow.add(new ArrayList<>());
            }
            byWindow.get(window).add(call);
        }
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < byWindow.size(); i++) {
            if (!byWindow.get(i).isEmpty()) {
                windows.add(new Window(i * WINDOW_MICROS, byWindow.get(i).size(), percentile99(byWindow.get(i))));
            }
        }
        return windows;
    }

    /** 99th percentile of the calls that were made in the last third of a run. */
    static long steadyMicros(List<Call> calls, long runMicros) {
        return percentile99(calls.stream()
                .filter(call -> call.startMicros() >= runMicros / 3 * 2)
                .toList());
    }

    /** Until the first call after which the 99th percentile stays within half as much again as in steady state; -1 for never. */
    static long settledMicros(List<Window> windows, long steadyMicros) {
        int inARow = 0;
        for (Window window : windows) {
            inARow = window.p99Micros() <= steadyMicros * WITHIN ? inARow + 1 : 0;
            if (inARow == WINDOWS_IN_A_ROW) {
                return window.startMicros() - (WINDOWS_IN_A_ROW - 1) * WINDOW_MICROS;
            }
        }
        return -1;
    }

    private static long percentile99(List<Call> calls) {
        long[] micros = calls.stream().mapToLong(Call::micros).sorted().toArray();
        return micros.length == 0 ? 0 : micros[Math.min(micros.length - 1, (int) Math.ceil(micros.length * 0.99) - 1)];
    }
}
