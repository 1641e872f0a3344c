package dev.wisp.bench.process;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the threads of the platform's process have used since it began, by what they work for; from the JVM's own thread dump. */
public final class JvmThreads {

    private static final Pattern THREAD =
            Pattern.compile("^\"(.+)\".* cpu=([\\d.]+)ms elapsed=\\S+(?: allocated=(\\d+)([BKMG]))?.*");

    private JvmThreads() {}

    /** What threads are there for, told by their names. */
    public enum Part {
        EVENT_LOOPS("event loops", "vert.x-eventloop.*"),
        RECORDS(
                "records to the broker",
                "(ForkJoinPool|VirtualThread|kafka-producer|wisp-journal).*|wisp-(node-|gateway-)?bus-send"),
        BROKER(
                "broker",
                "(data-plane-kafka|kafka-\\d|executor-|ExpirationReaper|quorum-|broker-|controller-|log-cleaner).*"),
        LEDGER("ledger", "wisp-billing.*"),
        COMPILERS("compilers", "C[12] Compiler.*"),
        COLLECTOR("collector", "VM Thread|GC Thread.*|G1 .*"),
        REST("rest", ".*");

        private final String text;
        private final String names;

        Part(String text, String names) {
            this.text = text;
            this.names = names;
        }

        /** In a word or two. */
        public String text() {
            return text;
        }

        static Part of(String thread) {
            return Arrays.stream(values())
                    .filter(part -> thread.matches(part.names))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Processor time in microseconds and bytes allocated, which come in steps of at most a tenth. */
    public record Used(double cpuMicros, double allocatedBytes) {

        public static final Used NONE = new Used(0, 0);

        public Used plus(Used other) {
            return new Used(cpuMicros + other.cpuMicros, allocatedBytes + other.allocatedBytes);
        }

        /** From then to now. */
        public Used since(Used before) {
            return new Used(cpuMicros - before.cpuMicros, allocatedBytes - before.allocatedBytes);
        }
    }

    /** Every part, as it is now. */
    public static Map<Part, Used> read(long pid) {
        return parse(JvmCommand.run(pid, "Thread.print", "-e"));
    }

    static Map<Part, Used> parse(String dump) {
        Map<Part, Used> used = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            used.put(part, Used.NONE);
        }
        dump.lines().map(THREAD::matcher).filter(Matcher::matches).forEach(thread -> {
            String unit = thread.group(4);
            double bytes = unit == null ? 0 : Long.parseLong(thread.group(3)) * bytes(unit);
            used.merge(
                    Part.of(thread.group(1)), new Used(Double.parseDouble(thread.group(2)) * 1_000, bytes), Used::plus);
        });
        return used;
    }

    private static double bytes(String unit) {
        return Math.pow(1_024, "BKMG".indexOf(unit));
    }
}
