package dev.wisp.node.instance;

import dev.wisp.contracts.revision.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Which frozen instances end because another needs what they hold. Only those beyond what plans hold are asked for, so that none is started again for
 * it; the least worth end first.
 *
 * <p>A frozen instance is worth the start that the next call is spared, times how soon that call is expected, per byte that it holds. Of a revision that was
 * not called for a time t nothing better is known than that the next call comes in the order of t: its rate is 1/t. So worth = start / (t × bytes), which is
 * the priority of Greedy-Dual-Size-Frequency (Cherkasova 1998, and as a keep-alive Fuerst and Sharma, FaasCache, 2021) with that rate in the place of a
 * count of calls, which a frozen instance has only of the past.
 */
final class FrozenPolicy {

    /** When some process waited for memory for more of the last ten seconds, the kernel takes away what is in use. */
    static final double STALLED_PERCENT_MAX = 10;

    private FrozenPolicy() {}

    /**
     * A frozen instance beyond what the plan of its revision holds.
     *
     * @param limits what is set aside for it
     * @param startTook what its next call is spared
     * @param isPastKeepAlive whether it is here only because there was room
     */
    record Candidate(String id, Limits limits, Duration idle, Duration startTook, boolean isPastKeepAlive) {

        private double worthPer(long bytes) {
            return startTook.toNanos() / ((double) Math.max(1, idle.toNanos()) * Math.max(1, bytes));
        }

        private String described() {
            return String.format(
                    Locale.ROOT,
                    "idle and frozen for %.1f s, its start took %.1f ms",
                    idle.toMillis() / 1e3,
                    startTook.toNanos() / 1e6);
        }
    }

    /** A candidate with the memory that it really has, which costs a look at a file. */
    record Resident(Candidate candidate, long bytes) {

        private double worth() {
            return candidate.worthPer(bytes);
        }

        private String described() {
            return candidate.described() + ", %d MiB resident".formatted(bytes >> 20);
        }
    }

    /** One ends, and why, for people. */
    record Stop(Candidate candidate, String reason) {}

    /**
     * Those that make room for a start which does not fit; none when all together would not.
     *
     * @param free of the node, with what is coming back
     */
    static List<Stop> forStart(Room free, Limits asked, List<Candidate> frozen) {
        List<Stop> stops = new ArrayList<>();
        Room room = free;
        for (Candidate candidate : leastWorthFirst(frozen)) {
            if (room.holds(asked)) {
                break;
            }
            if (room.gainsFor(asked, candidate.limits())) {
                stops.add(new Stop(candidate, needed(free, asked) + candidate.described()));
                room = room.and(candidate.limits());
            }
        }
        return room.holds(asked) ? stops : List.of();
    }

    /**
     * Those past their keep-alive that leave the node its head-room.
     *
     * @param free of the node, with what is coming back
     * @param headroomPercent of memory and sandboxes
     */
    static List<Stop> forHeadroom(Room free, Room all, int headroomPercent, List<Candidate> frozen) {
        List<Stop> stops = new ArrayList<>();
        Room room = free;
        for (Candidate candidate : leastWorthFirst(frozen)) {
            if (candidate.isPastKeepAlive() && lacksHeadroom(room, all, headroomPercent)) {
                stops.add(new Stop(candidate, headroom(room, all, headroomPercent) + candidate.described()));
                room = room.and(candidate.limits());
            }
        }
        return stops;
    }

    /** Whether less is free than starts are left. */
    static boolean lacksHeadroom(Room free, Room all, int headroomPercent) {
        return free.memoryBytes() < all.memoryBytes() / 100 * headroomPercent
                || free.sandboxes() < (long) all.sandboxes() * headroomPercent / 100;
    }

    /**
     * Those that leave the machine its memory. While processes wait for it one ends at a time: whether it helped is seen by the next look.
     *
     * @param headroomPercent that those past their keep-alive leave available; within it they end when half of that is left
     */
    static List<Stop> forMachine(HostMemory host, int headroomPercent, List<Resident> frozen) {
        List<Stop> stops = new ArrayList<>();
        long keptBytes = keptBytes(host, headroomPercent);
        long availableBytes = host.availableBytes();
        List<Resident> leastWorthFirst = frozen.stream()
                .sorted(Comparator.comparingDouble(Resident::worth)
                        .thenComparing(one -> one.candidate().id()))
                .toList();
        for (Resident one : leastWorthFirst) {
            long leastBytes = one.candidate().isPastKeepAlive() ? keptBytes : keptBytes / 2;
            if (availableBytes < leastBytes || (stops.isEmpty() && stalls(host))) {
                stops.add(new Stop(one.candidate(), pressure(host, leastBytes) + one.described()));
                availableBytes += one.bytes();
            }
        }
        return stops;
    }

    /** Whether the machine has so little that some may have to end. */
    static boolean lacksMemory(HostMemory host, int headroomPercent) {
        return host.availableBytes() < keptBytes(host, headroomPercent) || stalls(host);
    }

    private static long keptBytes(HostMemory host, int headroomPercent) {
        return host.totalBytes() / 100 * headroomPercent;
    }

    private static boolean stalls(HostMemory host) {
        return host.stalledPercent() > STALLED_PERCENT_MAX;
    }

    private static List<Candidate> leastWorthFirst(List<Candidate> frozen) {
        return frozen.stream()
                .sorted(Comparator.comparingDouble(
                                (Candidate one) -> one.worthPer(one.limits().memoryBytes()))
                        .thenComparing(Candidate::id))
                .toList();
    }

    private static String needed(Room free, Limits asked) {
        return "a start needs %d MiB and %d millicores, %d MiB, %d millicores and %d sandboxes were free: "
                .formatted(
                        asked.memoryBytes() >> 20,
                        asked.cpuRequestMillicores(),
                        free.memoryBytes() >> 20,
                        free.cpuMillicores(),
                        free.sandboxes());
    }

    private static String headroom(Room room, Room all, int percent) {
        return "%d of %d MiB and %d of %d sandboxes were free, %d %% are left for starts: "
                .formatted(
                        room.memoryBytes() >> 20, all.memoryBytes() >> 20, room.sandboxes(), all.sandboxes(), percent);
    }

    private static String pressure(HostMemory host, long leastBytes) {
        return String.format(
                Locale.ROOT,
                "%d MiB of the machine's memory were available where %d are wanted, processes waited %.0f %% of the time for it: ",
                host.availableBytes() >> 20,
                leastBytes >> 20,
                host.stalledPercent());
    }
}
