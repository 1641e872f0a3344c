package dev.wisp.gateway.async;

import dev.wisp.contracts.async.HeaderField;
import dev.wisp.contracts.async.Payload;
import java.util.List;

/** What came of making a call once. */
sealed interface Attempt {

    /**
     * Somebody answered.
     *
     * @param retryAfterSeconds what the answer asks for, 0 for nothing
     * @param bodyKept false when the body was longer than results may be
     */
    record Answered(int status, long retryAfterSeconds, List<HeaderField> headers, Payload body, boolean bodyKept)
            implements Attempt {}

    /** The platform could not make the call now, for a reason that is not the workload's: nothing of it was run. */
    record NotMade(String why) implements Attempt {}

    /** The platform, or the way to a webhook, failed the call, and trying for ever would not help. */
    record Failed(String why) implements Attempt {}

    /** A webhook's receiver took it. */
    record Taken() implements Attempt {}
}
