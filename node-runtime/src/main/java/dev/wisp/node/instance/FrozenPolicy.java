package dev.wisp.node.instance;

import dev.wisp.contracts.revision.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

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
     * @param residentBytes memory that it really has
     * @param startTook what its next call is spared
     * @param isPastKeepAlive whether it is here only because there was room
     */
    record Candidate(
            String id, Limits limits, long residentBytes, Duration idle, Duration startTook, boolean isPastKeepAlive) {

        private double worthPer(long bytes) {
            return startTook.toNanos() / ((double) Math.max(1, idle.toNanos()) * Math.max(1, bytes));
        }

        private String described() {
            return String.format(
                    Locale.ROOT,
                    "idle and frozen for %.1f s, its start took %.1f ms, %d MiB resident",
                    idle.toMillis() / 1e3,
                    startTook.toNanos() / 1e6,
                    residentBytes >> 20);
        }
    }

    /** One ends, and why, for people. */
    record Stop(String id, String reason) {}

    /**
     * Those that make room for a start which does not fit; none when all together would not.
     *
     * @param free of the node
     */
    static List<Stop> forStart(Room free, Limits asked, List<Candidate> frozen) {
        List<Stop> stops = new ArrayList<>();
        Room room = free;
        for (Candidate candidate : leastWorthFirst(frozen, one -> one.limits().memoryBytes())) {
            if (room.holds(asked)) {
                break;
            }
            if (room.gainsFor(asked, candidate.limits())) {
                stops.add(new Stop(candidate.id(), needed(free, asked) + candidate.described()));
                room = room.and(candidate.limits());
            }
        }
        return room.holds(asked) ? stops : List.of();
    }

    /**
     * Those that leave the node its head-room.
     *
     * @param headroomPercent of memory and sandboxes that those past their keep-alive leave free, and of the machine's memory that they leave available;
     *     within their keep-alive frozen ones end when half of that is left
     */
    static List<Stop> forHeadroom(Room free, Room all, HostMemory host, int headroomPercent, List<Candidate> frozen) {
        List<Stop> stops = new ArrayList<>();
        List<Candidate> left = new ArrayList<>();
        Room room = free;
        long availableBytes = host.availableBytes();
        for (Candidate candidate : leastWorthFirst(frozen, one -> one.limits().memoryBytes())) {
            if (candidate.isPastKeepAlive() && lacksHeadroom(room, all, headroomPercent)) {
                stops.add(new Stop(candidate.id(), headroom(room, all, headroomPercent) + candidate.described()));
                room = room.and(candidate.limits());
                availableBytes += candidate.residentBytes();
            } else {
                left.add(candidate);
            }
        }
        stops.addAll(forHost(
                new HostMemory(host.totalBytes(), availableBytes, stops.isEmpty() ? host.stalledPercent() : 0),
                headroomPercent,
                left));
        return stops;
    }

    /** While processes wait for memory one ends at a time: whether it helped is seen by the next look. */
    private static List<Stop> forHost(HostMemory host, int headroomPercent, List<Candidate> frozen) {
        List<Stop> stops = new ArrayList<>();
        long keptBytes = host.totalBytes() / 100 * headroomPercent;
        long availableBytes = host.availableBytes();
        for (Candidate candidate : leastWorthFirst(frozen, Candidate::residentBytes)) {
            long leastBytes = candidate.isPastKeepAlive() ? keptBytes : keptBytes / 2;
            boolean stalls = stops.isEmpty() && host.stalledPercent() > STALLED_PERCENT_MAX;
            if (availableBytes < leastBytes || stalls) {
                stops.add(new Stop(candidate.id(), pressure(host, leastBytes) + candidate.described()));
                availableBytes += candidate.residentBytes();
            }
        }
        return stops;
    }

    private static boolean lacksHeadroom(Room room, Room all, int percent) {
        return room.memoryBytes() < all.memoryBytes() / 100 * percent
                || room.sandboxes() < (long) all.sandboxes() * percent / 100;
    }

    private static List<Candidate> leastWorthFirst(List<Candidate> frozen, ToLongFunction<Candidate> bytes) {
        return frozen.stream()
                .sorted(Comparator.comparingDouble((Candidate one) -> one.worthPer(bytes.applyAsLong(one)))
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
