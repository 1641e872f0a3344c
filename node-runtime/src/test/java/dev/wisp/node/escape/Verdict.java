package dev.wisp.node.escape;

import java.util.List;

/**
 * How one attempt ended. An attempt that was not made has no verdict: reading it throws.
 *
 * @param row of the threat list, {@code S06}
 * @param name what was attempted
 * @param open whether it got through
 * @param error what refused it, empty when nothing did
 */
record Verdict(String row, String name, boolean open, String error) {

    static List<Verdict> parse(String text) {
        return text.lines().map(Verdict::line).toList();
    }

    private static Verdict line(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 4 || !fields[2].matches("open|refused")) {
            throw new IllegalArgumentException("line='%s', is no verdict".formatted(line));
        }
        return new Verdict(fields[0], fields[1], fields[2].equals("open"), fields[3]);
    }

    String key() {
        return row + " " + name;
    }

    /** Ended before anything could refuse it: killed, interrupted, or without room for a process or memory. */
    boolean cutShort() {
        return error.startsWith("signal ")
                || List.of("EAGAIN", "EINTR", "ENOMEM").contains(error);
    }

    String text() {
        return open ? "open" : error;
    }
}
