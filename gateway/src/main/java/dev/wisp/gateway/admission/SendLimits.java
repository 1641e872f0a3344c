package dev.wisp.gateway.admission;

import dev.wisp.gateway.repeat.RepeatLimits;

/** Bounds on what becomes of calls that an instance failed. */
public record SendLimits(RepeatLimits repeat) {

    public static final SendLimits DEFAULT = new SendLimits(RepeatLimits.DEFAULT);
}
