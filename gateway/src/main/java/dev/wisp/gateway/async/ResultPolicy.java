package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.async.AsyncResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decides which results are forgotten: those whose time is over, and the oldest of whom takes more than there is room for. */
final class ResultPolicy {

    private ResultPolicy() {}

    /**
     * Ids of those that go.
     *
     * @param results each has one
     * @param bytesMax what all of them may take
     * @param accountBytesMax what those of one account may take
     */
    static List<String> forgettable(List<AsyncInvocation> results, long bytesMax, long accountBytesMax, Instant now) {
        long all = 0;
        Map<String, Long> accounts = new HashMap<>();
        for (AsyncInvocation result : results) {
            all += result.bytes();
            accounts.merge(result.account(), result.bytes(), Long::sum);
        }
        List<AsyncInvocation> oldestFirst = new ArrayList<>(results);
        oldestFirst.sort(Comparator.comparing(ResultPolicy::expiresAt).thenComparing(AsyncInvocation::id));
        List<String> forgotten = new ArrayList<>();
        for (AsyncInvocation result : oldestFirst) {
            long ofAccount = accounts.getOrDefault(result.account(), 0L);
            if (!expiresAt(result).isAfter(now) || all > bytesMax || ofAccount > accountBytesMax) {
                all -= result.bytes();
                accounts.put(result.account(), ofAccount - result.bytes());
                forgotten.add(result.id());
            }
        }
        return forgotten;
    }

    private static Instant expiresAt(AsyncInvocation invocation) {
        AsyncResult result = invocation.result();
        return result == null ? Instant.MAX : result.expiresAt();
    }
}
