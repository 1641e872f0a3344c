package dev.wisp.gateway.admission;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionId;

/** What callers are told when a request is not served: which limit was hit, and what to do. */
final class Rejections {

    private Rejections() {}

    static Problem full(RevisionId revision, String account, AdmissionPolicy.Verdict verdict, HoldLimits limits) {
        String detail = switch (verdict) {
            case REVISION_FULL ->
                "%d requests are held for revision %s already (wisp.gateway.queue.depth-max)"
                        .formatted(limits.queueDepthMax(), revision);
            case GATEWAY_FULL ->
                "%d requests are held by this gateway already (wisp.gateway.queue.total-max)"
                        .formatted(limits.totalDepthMax());
            case MEMORY_FULL ->
                "held requests take %d bytes already (wisp.gateway.queue.bytes-max)".formatted(limits.bytesMax());
            case ACCOUNT_FULL ->
                ("account %s has as many requests held by this gateway as are left for others"
                                + " (wisp.gateway.queue.total-max is %d, wisp.gateway.queue.bytes-max %d)")
                        .formatted(account, limits.totalDepthMax(), limits.bytesMax());
            case HOLD -> throw new IllegalArgumentException("verdict=HOLD, must be a refusal");
        };
        return Problem.of(ErrorCode.QUEUE_FULL, detail)
                .withHint("try again in a second; to serve more at once raise max-scale or containerConcurrency");
    }

    static Problem timedOut(RevisionId revision, long heldMillis, String reason, String leftAlone) {
        return Problem.of(
                        ErrorCode.QUEUE_TIMEOUT,
                        "no instance of revision %s became free within %d ms: %s%s"
                                .formatted(revision, heldMillis, reason, leftAlone.isEmpty() ? "" : "; " + leftAlone))
                .withHint("wisp services describe shows its instances and limits; raise max-scale when all are busy");
    }

    static Problem refused(RevisionId revision, int attempts, String detail) {
        return Problem.of(
                ErrorCode.NODE_UNREACHABLE,
                "%d instances of revision %s in a row refused the request, the last one because %s"
                        .formatted(attempts, revision, detail));
    }

    static Problem deleted(RevisionId revision) {
        return Problem.of(ErrorCode.NOT_READY, "revision %s was deleted".formatted(revision));
    }
}
