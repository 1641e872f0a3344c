package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.AsyncTarget;
import dev.wisp.contracts.async.AsyncTarget.Kind;
import dev.wisp.contracts.revision.AsyncSpec;
import org.jspecify.annotations.Nullable;

/** Decides who is told how a call ended. What is told is told to nobody in turn, so that services cannot call each other for ever. */
final class DestinationPolicy {

    private DestinationPolicy() {}

    /** Null for nobody. */
    static @Nullable AsyncTarget destination(AsyncCall call, boolean succeeded) {
        if (!isAnswerKept(call)) {
            return null;
        }
        String name = succeeded ? call.terms().onSuccess() : call.terms().onFailure();
        if (name == null) {
            return null;
        }
        return new AsyncTarget(AsyncSpec.isUrl(name) ? Kind.WEBHOOK : Kind.SERVICE, name);
    }

    /** Whether somebody may ask how it ended: who made a call, not who told of one. */
    static boolean isAnswerKept(AsyncCall call) {
        return call.target().kind() == Kind.HOST;
    }
}
