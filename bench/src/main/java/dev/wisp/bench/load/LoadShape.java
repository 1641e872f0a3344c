package dev.wisp.bench.load;

import dev.wisp.bench.report.BenchException;
import java.util.Locale;

/** How many calls are wanted at once at a moment of a run. */
enum LoadShape {
    /** From nothing to all at once. */
    STEP {
        @Override
        int callers(double second, int most) {
            return most;
        }
    },
    /** Up and down between a twentieth and all, twenty seconds a turn. */
    SINE {
        @Override
        int callers(double second, int most) {
            double wave = (1 - Math.cos(2 * Math.PI * second / TURN_SECONDS)) / 2;
            return (int) Math.round(most * (0.05 + 0.95 * wave));
        }
    },
    /** A twentieth, and all of them for two seconds of every ten. */
    SPIKE {
        @Override
        int callers(double second, int most) {
            return second % SPIKE_EVERY_SECONDS >= SPIKE_EVERY_SECONDS - SPIKE_SECONDS ? most : Math.max(1, most / 20);
        }
    };

    private static final double TURN_SECONDS = 20;
    private static final double SPIKE_EVERY_SECONDS = 10;
    private static final double SPIKE_SECONDS = 2;

    static LoadShape named(String name) {
        for (LoadShape shape : values()) {
            if (shape.title().equals(name)) {
                return shape;
            }
        }
        throw new BenchException("no run is called %s: step, sine, spike or trouble".formatted(name));
    }

    abstract int callers(double second, int most);

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
