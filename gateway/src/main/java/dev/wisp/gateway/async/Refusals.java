package dev.wisp.gateway.async;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;

/** What is said when a call is not stored or not known: which limit was reached, and what to do. */
final class Refusals {

    private Refusals() {}

    static Problem tooLarge(AsyncSettings settings) {
        return Problem.of(
                        ErrorCode.ASYNC_TOO_LARGE,
                        "a call that is stored may have a body of %d bytes (wisp.gateway.async.body-bytes-max)"
                                .formatted(settings.bodyBytesMax()))
                .withHint("call without Prefer: respond-async, or send where the data is instead of the data");
    }

    static Problem accountFull(String account, AsyncSettings settings) {
        return Problem.of(
                        ErrorCode.ASYNC_BACKLOG_FULL,
                        "account %s has %d calls or %d bytes waiting already (wisp.gateway.async.account-percent-max)"
                                .formatted(
                                        account,
                                        settings.accountShare(settings.callsMax()),
                                        settings.accountShare(settings.callsBytesMax())))
                .withHint("try again when some of them have been made; to make more at once raise max-scale");
    }

    static Problem full(AsyncSettings settings) {
        return Problem.of(
                        ErrorCode.ASYNC_UNAVAILABLE,
                        "%d calls or %d bytes are waiting already (wisp.gateway.async.calls-max, calls-bytes-max)"
                                .formatted(settings.callsMax(), settings.callsBytesMax()))
                .withHint("try again when some of them have been made");
    }

    static Problem notStored() {
        return Problem.of(
                        ErrorCode.ASYNC_UNAVAILABLE,
                        "the call was not confirmed to be stored, and is not made unless it was all the same")
                .withHint("call again with the same Idempotency-Key, or without Prefer: respond-async");
    }

    static Problem notRead() {
        return Problem.of(ErrorCode.ASYNC_UNAVAILABLE, "this gateway has just started and still reads what is stored");
    }

    static Problem noSuchCall(String id, AsyncSettings settings) {
        return Problem.of(ErrorCode.ASYNC_NO_SUCH_CALL, "no call %s of this service is known".formatted(printable(id)))
                .withHint("results are kept for %s (wisp.gateway.async.result-ttl), or until there is no room for them"
                        .formatted(settings.resultTtl()));
    }

    private static String printable(String id) {
        return id.length() > 64 ? id.substring(0, 64) + "…" : id;
    }
}
