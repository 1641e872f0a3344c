package dev.wisp.bench.ledger;

import dev.wisp.bench.ledger.Attempt.Ending;
import dev.wisp.bench.ledger.Attempt.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares what callers saw with what the ledger says. Pure. The rules:
 *
 * <ul>
 *   <li>An answer that came whole from a node has exactly one record, with the billed time and cost that the answer named.
 *   <li>No record is there twice.
 *   <li>A record without such an answer belongs to a call that was answered in part or not at all: its id is that of one whose caller heard
 *       an id, or its id's time is within one whose caller heard none, each call once. A platform error costs nothing.
 *   <li>The usage API's totals are the sums of the records.
 * </ul>
 */
final class LedgerCheck {

    private static final int EXAMPLES_MAX = 5;
    private static final int MILLIS_SHIFT = 16;
    private static final Comparator<UUID> BY_TIME = Comparator.comparingLong(LedgerCheck::millis);

    private LedgerCheck() {}

    /**
     * Outcome of a comparison.
     *
     * @param unfinished calls that were answered in part or not at all, though they may have been sent
     * @param unfinishedRecorded records of such calls
     * @param missing answered calls without a record
     * @param violations empty when all rules hold
     */
    record Verdict(
            long whole,
            long unfinished,
            long refused,
            long records,
            long unfinishedRecorded,
            long platformErrors,
            long missing,
            List<String> violations) {

        Verdict {
            violations = List.copyOf(violations);
        }

        boolean isClean() {
            return violations.isEmpty();
        }
    }

    static Verdict check(Collection<Attempt> attempts, Collection<LedgerRecord> records, Totals usage) {
        List<String> violations = new ArrayList<>();
        Map<UUID, LedgerRecord> byId = byId(records, violations);
        Set<UUID> answered = answered(attempts, violations);
        List<String> missing = new ArrayList<>();
        List<String> different = new ArrayList<>();
        for (Attempt attempt : attempts) {
            UUID id = attempt.invocationId();
            if (id != null && isAnswered(attempt)) {
                compare(attempt, id, byId.get(id), missing, different);
            }
        }
        report(violations, missing, "answered calls have no record");
        report(violations, different, "records differ from what the answer said");
        List<Attempt> unfinished =
                attempts.stream().filter(LedgerCheck::isUnfinished).toList();
        List<UUID> extra =
                byId.keySet().stream().filter(id -> !answered.contains(id)).toList();
        report(violations, nobodys(extra, unfinished), "records belong to no call that was made");
        checkPlatformErrors(byId.values(), violations);
        Totals sums = Totals.of(records);
        if (!sums.equals(usage)) {
            violations.add("usage says %s, the records sum up to %s".formatted(usage, sums));
        }
        return new Verdict(
                answered.size(),
                unfinished.size(),
                attempts.stream()
                        .filter(attempt -> attempt.ending() == Ending.REFUSED)
                        .count(),
                records.size(),
                extra.size(),
                byId.values().stream().filter(LedgerRecord::isPlatformError).count(),
                missing.size(),
                violations);
    }

    /** Ids of no unfinished call, neither by themselves nor by their time. */
    private static List<String> nobodys(List<UUID> extra, List<Attempt> unfinished) {
        Set<UUID> heard = new HashSet<>();
        List<Span> unheard = new ArrayList<>();
        for (Attempt attempt : unfinished) {
            if (attempt.invocationId() == null) {
                unheard.add(attempt.span());
            } else {
                heard.add(attempt.invocationId());
            }
        }
        return withoutSpan(extra.stream().filter(id -> !heard.contains(id)).sorted(BY_TIME), unheard);
    }

    /** In the order of time each id takes, of the spans that hold it, the one that ends first: so as many as can be have one. */
    private static List<String> withoutSpan(Stream<UUID> ids, List<Span> spans) {
        List<Span> left = new ArrayList<>(spans);
        left.sort(Comparator.comparingLong(Span::toMillis));
        List<String> without = new ArrayList<>();
        ids.forEach(id -> {
            Optional<Span> span =
                    left.stream().filter(each -> each.holds(millis(id))).findFirst();
            span.ifPresentOrElse(left::remove, () -> without.add(id.toString()));
        });
        return without;
    }

    private static long millis(UUID id) {
        return id.getMostSignificantBits() >>> MILLIS_SHIFT;
    }

    /** Whole, and from a node: what a gateway refuses by itself was never an invocation. */
    static boolean isAnswered(Attempt attempt) {
        return attempt.ending() == Ending.WHOLE && attempt.isMetered() && attempt.invocationId() != null;
    }

    /** A whole answer without a bill is the gateway's: the call may have reached a node that died. */
    private static boolean isUnfinished(Attempt attempt) {
        return attempt.ending() != Ending.REFUSED && !isAnswered(attempt);
    }

    private static Map<UUID, LedgerRecord> byId(Collection<LedgerRecord> records, List<String> violations) {
        Map<UUID, LedgerRecord> byId = new HashMap<>();
        List<String> twice = new ArrayList<>();
        for (LedgerRecord record : records) {
            if (byId.put(record.invocationId(), record) != null) {
                twice.add(record.invocationId().toString());
            }
        }
        report(violations, twice, "records are there twice");
        return byId;
    }

    private static Set<UUID> answered(Collection<Attempt> attempts, List<String> violations) {
        Set<UUID> answered = new HashSet<>();
        List<String> twice = new ArrayList<>();
        for (Attempt attempt : attempts) {
            UUID id = attempt.invocationId();
            if (id != null && isAnswered(attempt) && !answered.add(id)) {
                twice.add(id.toString());
            }
        }
        report(violations, twice, "invocation ids were given to two calls");
        return answered;
    }

    private static void compare(
            Attempt attempt, UUID id, @Nullable LedgerRecord record, List<String> missing, List<String> different) {
        if (record == null) {
            missing.add(id.toString());
            return;
        }
        boolean same = record.status() == attempt.status()
                && record.billedMillis() == attempt.billedMillis()
                && record.costPicos() == attempt.costPicos();
        if (!same) {
            different.add(
                    "%s: answer %s, record %s".formatted(id, attempt.line().strip(), record));
        }
    }

    private static void checkPlatformErrors(Collection<LedgerRecord> records, List<String> violations) {
        List<String> billed = records.stream()
                .filter(record -> record.isPlatformError() && (record.costPicos() != 0 || record.billedMillis() != 0))
                .map(record -> record.invocationId().toString())
                .toList();
        report(violations, billed, "platform errors are billed");
    }

    private static void report(List<String> violations, List<String> found, String what) {
        if (!found.isEmpty()) {
            violations.add("%d %s: %s"
                    .formatted(found.size(), what, found.subList(0, Math.min(EXAMPLES_MAX, found.size()))));
        }
    }
}
