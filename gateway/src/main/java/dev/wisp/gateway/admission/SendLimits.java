package dev.wisp.gateway.admission;

import dev.wisp.gateway.ejection.EjectionLimits;
import dev.wisp.gateway.repeat.RepeatLimits;

/** Bounds on what becomes of calls that an instance failed, and of that instance. */
public record SendLimits(RepeatLimits repeat, EjectionLimits ejection) {

    public static final SendLimits DEFAULT = new SendLimits(RepeatLimits.DEFAULT, EjectionLimits.DEFAULT);
}
