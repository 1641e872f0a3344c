package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.bus.Partitions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The stored calls as their topic has them, and which of them this gateway makes now. What the topic says is the truth: a call that was
 * made is made again only after the topic has told what its maker wrote, so that an old value read late never calls twice. Thread-safe.
 */
final class CallBook {

    private final Map<String, AsyncInvocation> known = new HashMap<>();
    private final Map<String, Reservation> accepted = new HashMap<>();
    private final Map<String, Usage> accounts = new HashMap<>();
    private final Usage all = new Usage();
    private final Map<String, Running> running = new HashMap<>();
    private final Map<String, ServiceLine> lines = new LinkedHashMap<>();
    private final Set<Integer> owned = new HashSet<>();
    private int partitions = 1;
    private int inFlight;

    /** A call to be stored, and its share of the bounds until the topic has it. */
    record Reservation(String id, String account, long bytes) {}

    /** When to look again, and what to do until then; {@code due} is null when nothing is due. */
    record Next(@Nullable AsyncInvocation due, @Nullable Instant lookAt) {}

    private static final class Usage {
        private int calls;
        private long bytes;
    }

    private static final class Running {
        private boolean written;
        private @Nullable AsyncInvocation awaited;
    }

    // ---- Bounds ----

    /** Takes its share of the bounds, or says which one is reached. */
    synchronized AcceptPolicy.Verdict reserve(Reservation reservation, AsyncSettings settings) {
        Usage account = usage(reservation.account());
        AcceptPolicy.Backlog backlog = new AcceptPolicy.Backlog(all.calls, all.bytes, account.calls, account.bytes);
        AcceptPolicy.Verdict verdict = AcceptPolicy.decide(backlog, reservation.bytes(), settings);
        if (verdict == AcceptPolicy.Verdict.STORE) {
            accepted.put(reservation.id(), reservation);
            count(reservation.account(), 1, reservation.bytes());
        }
        return verdict;
    }

    /** The call was not stored after all. */
    synchronized void cancel(String id) {
        Reservation reservation = accepted.remove(id);
        if (reservation != null) {
            count(reservation.account(), -1, -reservation.bytes());
        }
    }

    // ---- What the topic says ----

    /** A value, null being a tombstone. */
    synchronized void told(String id, @Nullable AsyncInvocation value) {
        cancel(id);
        AsyncInvocation before = value == null ? known.remove(id) : known.put(id, value);
        if (before != null && before.call() != null) {
            count(before.account(), -1, -before.bytes());
        }
        if (value != null && value.call() != null) {
            count(value.account(), 1, value.bytes());
        }
        settle(id);
    }

    /** Null when there is no such call. */
    synchronized @Nullable AsyncInvocation find(String id) {
        return known.get(id);
    }

    /** Whether the topic was told of it and has not told it back yet. */
    synchronized boolean isAccepted(String id) {
        return accepted.containsKey(id);
    }

    synchronized int calls() {
        return all.calls;
    }

    synchronized int results() {
        return known.size() - (all.calls - accepted.size());
    }

    // ---- Who makes which ----

    synchronized void own(int partition, int of) {
        partitions = of;
        owned.add(partition);
        for (String id : known.keySet()) {
            if (Partitions.of(id, of) == partition) {
                enqueue(id);
            }
        }
    }

    /** Calls under way end here; the new owner may make them again. */
    synchronized void disown(int partition) {
        owned.remove(partition);
        for (ServiceLine line : lines.values()) {
            line.removeIf(id -> !isOwned(id));
        }
        lines.values().removeIf(ServiceLine::isIdle);
    }

    /** The results that this gateway sees to. */
    synchronized List<AsyncInvocation> ownResults() {
        List<AsyncInvocation> results = new ArrayList<>();
        for (AsyncInvocation invocation : known.values()) {
            if (invocation.result() != null && isOwned(invocation.id())) {
                results.add(invocation);
            }
        }
        return results;
    }

    /** Its part of a bound on all of them. */
    synchronized long ownShare(long bound) {
        return bound * owned.size() / partitions;
    }

    /** The next call that is due, which is under way from then on; services take turns. */
    synchronized Next take(Instant now, int inFlightMax, ToIntFunction<AsyncInvocation> serviceMax) {
        if (inFlight >= inFlightMax) {
            return new Next(null, null);
        }
        Instant lookAt = null;
        for (Iterator<Map.Entry<String, ServiceLine>> each = lines.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<String, ServiceLine> entry = each.next();
            ServiceLine line = entry.getValue();
            AsyncInvocation first = line.first(this::waiting);
            if (first == null || first.call() == null) {
                if (line.isIdle()) {
                    each.remove();
                }
                continue;
            }
            Instant dueAt = first.call().dueAt();
            if (line.inFlight() >= serviceMax.applyAsInt(first)) {
                continue;
            }
            if (!dueAt.isAfter(now)) {
                each.remove();
                lines.put(entry.getKey(), line);
                begin(line, first.id());
                return new Next(first, null);
            }
            lookAt = lookAt == null || dueAt.isBefore(lookAt) ? dueAt : lookAt;
        }
        return new Next(null, lookAt);
    }

    /** What its maker has written about a call, null being a tombstone; the call is under way no more. */
    synchronized void written(AsyncInvocation made, @Nullable AsyncInvocation value) {
        Running run = ended(made);
        if (run != null) {
            run.written = true;
            run.awaited = value;
            settle(made.id());
        }
    }

    /** Its maker failed in a way that it would fail in again: it is not made here any more. */
    synchronized void abandoned(AsyncInvocation made) {
        ended(made);
    }

    private @Nullable Running ended(AsyncInvocation made) {
        inFlight--;
        ServiceLine line = lines.get(lineOf(made));
        if (line != null) {
            line.ended();
        }
        return running.get(made.id());
    }

    synchronized int inFlight() {
        return inFlight;
    }

    private void begin(ServiceLine line, String id) {
        line.began();
        inFlight++;
        running.put(id, new Running());
    }

    /** Ends a run whose outcome the topic has told, and lines up what waits. */
    private void settle(String id) {
        Running run = running.get(id);
        if (run != null) {
            if (!run.written || !Objects.equals(run.awaited, known.get(id))) {
                return;
            }
            running.remove(id);
        }
        enqueue(id);
    }

    private void enqueue(String id) {
        AsyncInvocation invocation = waiting(id);
        if (invocation != null && invocation.call() != null && isOwned(id)) {
            lines.computeIfAbsent(lineOf(invocation), name -> new ServiceLine())
                    .add(id, invocation.call().dueAt());
        }
    }

    /** The call when it is to be made and not under way. */
    private @Nullable AsyncInvocation waiting(String id) {
        AsyncInvocation invocation = known.get(id);
        return invocation == null || invocation.call() == null || running.containsKey(id) ? null : invocation;
    }

    private boolean isOwned(String id) {
        return owned.contains(Partitions.of(id, partitions));
    }

    /** Calls of one service share a line, and so does what is told to one receiver. */
    private static String lineOf(AsyncInvocation invocation) {
        String service = invocation.namespace() + "/" + invocation.service();
        return invocation.call() == null || DestinationPolicy.isAnswerKept(invocation.call())
                ? service
                : service + " " + invocation.call().target().value();
    }

    private Usage usage(String account) {
        return accounts.getOrDefault(account, new Usage());
    }

    private void count(String account, int calls, long bytes) {
        Usage usage = accounts.computeIfAbsent(account, name -> new Usage());
        usage.calls += calls;
        usage.bytes += bytes;
        all.calls += calls;
        all.bytes += bytes;
        if (usage.calls == 0 && usage.bytes == 0) {
            accounts.remove(account);
        }
    }
}
