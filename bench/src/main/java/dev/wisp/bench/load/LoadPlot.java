package dev.wisp.bench.load;

import dev.wisp.bench.load.SettlePolicy.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws a run as an SVG: instances above, the 99th percentile of calls below, over the same seconds. */
final class LoadPlot {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 420;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int STEPS = 4;

    private final StringBuilder svg = new StringBuilder();
    private final double seconds;

    private LoadPlot(double seconds) {
        this.seconds = seconds;
    }

    static String svg(LoadRun.Outcome outcome, LoadShape shape, int most) {
        return new LoadPlot(outcome.time().toMillis() / 1_000.0).draw(outcome, shape, most);
    }

    /** A part of the picture with its own scale upwards. */
    private record Panel(double top, double bottom, double max) {

        double at(double value) {
            return bottom - (bottom - top) * Math.min(value, max) / max;
        }
    }

    private record Point(double second, double value) {}

    private String draw(LoadRun.Outcome outcome, LoadShape shape, int most) {
        List<Window> windows = SettlePolicy.windows(outcome.calls());
        Panel above = new Panel(40, 220, ceiling(outcome.scale(), scale -> Math.max(scale.desired(), scale.ready())));
        Panel below = new Panel(260, 380, ceiling(windows, window -> window.p99Micros() / 1_000.0));
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                """.formatted(WIDTH, HEIGHT));
        text(WIDTH / 2.0, 20, "middle", "%s: up to %d calls at once".formatted(outcome.name(), most));
        grid(above, "instances");
        grid(below, "p99, ms");
        List<Point> wanted = new ArrayList<>();
        for (double second = 0; second <= seconds; second += 0.25) {
            wanted.add(new Point(second, above.max() * shape.callers(second, most) / most));
        }
        line(above, "#bbb", wanted);
        line(above, "#c33", points(outcome.scale(), Scale::atMicros, Scale::desired));
        line(above, "#0b6", points(outcome.scale(), Scale::atMicros, Scale::ready));
        line(below, "#36c", points(windows, Window::startMicros, window -> window.p99Micros() / 1_000.0));
        legend();
        return svg.append("</svg>\n").toString();
    }

    private void legend() {
        String[][] entries = {{"#bbb", "calls, to the height of all"}, {"#c33", "desired"}, {"#0b6", "ready"}};
        double left = LEFT + 120;
        for (String[] entry : entries) {
            svg.append("<rect x='%s' y='26' width='10' height='10' fill='%s'/>\n".formatted(number(left), entry[0]));
            text(left + 14, 35, "start", entry[1]);
            left += 190;
        }
        text(WIDTH / 2.0, HEIGHT - 6, "middle", "seconds");
    }

    private void grid(Panel panel, String title) {
        text(8, panel.top() - 4, "start", title);
        for (int step = 0; step <= STEPS; step++) {
            double value = panel.max() * step / STEPS;
            rule(LEFT, panel.at(value), WIDTH - RIGHT, panel.at(value));
            text(LEFT - 6, panel.at(value) + 4, "end", String.format(Locale.ROOT, "%.0f", value));
        }
        for (double second = 0; second <= seconds; second += seconds / 6) {
            rule(x(second), panel.top(), x(second), panel.bottom());
            text(x(second), panel.bottom() + 14, "middle", String.format(Locale.ROOT, "%.0f", second));
        }
    }

    private void line(Panel panel, String colour, List<Point> points) {
        svg.append("<polyline fill='none' stroke='%s' stroke-width='1.5' points='".formatted(colour));
        for (Point point : points) {
            svg.append(number(x(point.second())))
                    .append(',')
                    .append(number(panel.at(point.value())))
                    .append(' ');
        }
        svg.append("'/>\n");
    }

    private void rule(double x1, double y1, double x2, double y2) {
        svg.append("<line x1='%s' y1='%s' x2='%s' y2='%s' stroke='#e4e4e4'/>\n"
                .formatted(number(x1), number(y1), number(x2), number(y2)));
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append("<text x='%s' y='%s' text-anchor='%s'>%s</text>\n".formatted(number(x), number(y), anchor, text));
    }

    private double x(double second) {
        return LEFT + (WIDTH - RIGHT - LEFT) * Math.min(second, seconds) / seconds;
    }

    private static <T> List<Point> points(List<T> all, ToDoubleFunction<T> micros, ToDoubleFunction<T> value) {
        return all.stream()
                .map(one -> new Point(micros.applyAsDouble(one) / 1e6, value.applyAsDouble(one)))
                .toList();
    }

    /** 1, 2, 4 or 8 times a power of ten that nothing passes. */
    private static <T> double ceiling(List<T> all, ToDoubleFunction<T> value) {
        double most = all.stream().mapToDouble(value).max().orElse(1);
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(1, most))));
        for (double factor : new double[] {1, 2, 4, 8}) {
            if (most <= unit * factor) {
                return Math.max(STEPS, unit * factor);
            }
        }
        return unit * 10;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
