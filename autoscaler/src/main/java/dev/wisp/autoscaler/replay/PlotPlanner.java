package dev.wisp.autoscaler.replay;

import java.util.List;
import java.util.Locale;

/** Draws results as an SVG: idle memory to the right, added latency upwards, both by powers of ten, so that lower left is better. */
public final class PlotPlanner {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 460;
    private static final int MARGIN = 70;

    private PlotPlanner() {}

    /** One mark; a line joins those without a name. */
    public record Mark(String name, double idleGbSeconds, double addedLatencyMillis) {}

    /** Only marks with both figures above 0 can be shown. */
    public static String svg(String title, List<Mark> line, List<Mark> points) {
        List<Mark> shown = line.stream().filter(PlotPlanner::isShown).toList();
        List<Mark> named = points.stream().filter(PlotPlanner::isShown).toList();
        List<Mark> all =
                java.util.stream.Stream.concat(shown.stream(), named.stream()).toList();
        Axis x = Axis.over(all.stream().mapToDouble(Mark::idleGbSeconds).toArray(), MARGIN, WIDTH - 20);
        Axis y = Axis.over(all.stream().mapToDouble(Mark::addedLatencyMillis).toArray(), HEIGHT - MARGIN, 40);
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                """.formatted(WIDTH, HEIGHT));
        text(svg, WIDTH / 2.0, 22, "middle", title);
        text(svg, WIDTH / 2.0, HEIGHT - 18, "middle", "idle memory, GB·s");
        text(svg, 8, 38, "start", "mean added latency, ms");
        grid(svg, x, y);
        svg.append("<polyline fill='none' stroke='#0b6' stroke-width='2' points='");
        for (Mark mark : shown) {
            svg.append(number(x.at(mark.idleGbSeconds()))).append(',').append(number(y.at(mark.addedLatencyMillis())));
            svg.append(' ');
        }
        svg.append("'/>\n");
        for (Mark mark : named) {
            double left = x.at(mark.idleGbSeconds());
            double top = y.at(mark.addedLatencyMillis());
            svg.append("<circle cx='%s' cy='%s' r='4' fill='#c33'/>\n".formatted(number(left), number(top)));
            text(svg, left + 7, top + 4, "start", mark.name());
        }
        return svg.append("</svg>\n").toString();
    }

    /** A logarithmic axis. */
    private record Axis(int firstDecade, int lastDecade, double from, double to) {

        static Axis over(double[] values, double from, double to) {
            double min = java.util.Arrays.stream(values).min().orElse(1);
            double max = java.util.Arrays.stream(values).max().orElse(10);
            int first = (int) Math.floor(Math.log10(min));
            return new Axis(first, Math.max(first + 1, (int) Math.ceil(Math.log10(max))), from, to);
        }

        double at(double value) {
            return from + (to - from) * (Math.log10(value) - firstDecade) / (lastDecade - firstDecade);
        }
    }

    private static void grid(StringBuilder svg, Axis x, Axis y) {
        for (int decade = x.firstDecade(); decade <= x.lastDecade(); decade++) {
            double at = x.at(Math.pow(10, decade));
            rule(svg, at, y.from(), at, y.to());
            text(svg, at, y.from() + 18, "middle", "1e" + decade);
        }
        for (int decade = y.firstDecade(); decade <= y.lastDecade(); decade++) {
            double at = y.at(Math.pow(10, decade));
            rule(svg, x.from(), at, x.to(), at);
            text(svg, x.from() - 6, at + 4, "end", "1e" + decade);
        }
    }

    private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append("<line x1='%s' y1='%s' x2='%s' y2='%s' stroke='#ddd'/>\n"
                .formatted(number(x1), number(y1), number(x2), number(y2)));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append("<text x='%s' y='%s' text-anchor='%s'>%s</text>\n".formatted(number(x), number(y), anchor, escaped));
    }

    private static boolean isShown(Mark mark) {
        return mark.idleGbSeconds() > 0 && mark.addedLatencyMillis() > 0;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
