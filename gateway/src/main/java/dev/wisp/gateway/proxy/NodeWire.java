package dev.wisp.gateway.proxy;

import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.problem.Problem;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What gateway and node say to each other between hosts, beside the request itself. */
final class NodeWire {

    /** Path that takes a start command as JSON and answers with a {@link StartReply}. */
    static final String START_PATH = "/wisp/v1/start";

    /** Field of a request to a node: the dispatch as JSON in base64url. */
    static final String DISPATCH = "x-wisp-dispatch";

    /** Field of a 409 answer: nothing of the request was consumed, and why. */
    static final String REFUSED = "x-wisp-refused";

    /** Field of the same answer: {@link #BROKEN}, or the name of a {@link ProxyOutcome.Why}; without it the instance is gone. */
    static final String WHY = "x-wisp-why";

    /** The instance broke off with a request that is repeatable. */
    static final String BROKEN = "BROKEN";

    /** Field of an answer that is the node's, because its instance did not give one. */
    static final String FAILED = "x-wisp-failed";

    static final int REFUSED_STATUS = 409;

    private static final Pattern COST = Pattern.compile("(\\d{1,6}\\.\\d{1,12}) [A-Z]{3}");
    private static final int PICO_DIGITS = 12;

    private NodeWire() {}

    /** What a 409 with these fields means. */
    static ProxyOutcome handedBack(@Nullable String why, String detail) {
        if (BROKEN.equals(why)) {
            return new ProxyOutcome.Broken(detail);
        }
        boolean there = ProxyOutcome.Why.UNCONNECTED.name().equals(why);
        return new ProxyOutcome.Refused(there ? ProxyOutcome.Why.UNCONNECTED : ProxyOutcome.Why.GONE, detail);
    }

    /** What the node says a call cost, in the trailer of a streamed answer or the head of a short one. */
    static long costPicos(@Nullable String trailer, @Nullable String head) {
        String text = trailer == null ? head : trailer;
        Matcher cost = COST.matcher(text == null ? "" : text);
        return cost.matches()
                ? new BigDecimal(cost.group(1)).movePointRight(PICO_DIGITS).longValueExact()
                : ProxyOutcome.COST_UNKNOWN;
    }

    /**
     * A start's outcome on the wire.
     *
     * @param outcome {@code started}, {@code refused} or {@code failed}; the other members are those of that outcome
     */
    record StartReply(
            String outcome,
            @Nullable String instanceId,
            int slots,
            @Nullable StartTiming timing,
            StartOutcome.@Nullable Refusal refusal,
            @Nullable String detail,
            @Nullable Problem problem) {

        /** Throws {@link IllegalArgumentException} when members are missing. */
        StartOutcome toOutcome() {
            return switch (outcome == null ? "" : outcome.toLowerCase(Locale.ROOT)) {
                case "started" -> started();
                case "refused" ->
                    new StartOutcome.Refused(
                            refusal == null ? StartOutcome.Refusal.UNREACHABLE : refusal, detail == null ? "" : detail);
                case "failed" -> failed();
                default -> throw new IllegalArgumentException("outcome=%s is not known".formatted(outcome));
            };
        }

        private StartOutcome started() {
            if (instanceId == null) {
                throw new IllegalArgumentException("outcome=started without instanceId");
            }
            return new StartOutcome.Started(instanceId, slots, timing == null ? new StartTiming(0, List.of()) : timing);
        }

        private StartOutcome failed() {
            if (problem == null) {
                throw new IllegalArgumentException("outcome=failed without problem");
            }
            return new StartOutcome.Failed(problem);
        }
    }
}
