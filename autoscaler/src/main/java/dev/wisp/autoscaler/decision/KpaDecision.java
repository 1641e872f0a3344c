package dev.wisp.autoscaler.decision;

/**
 * What the KPA formula wants, with the steps that led there.
 *
 * @param desired instances wanted, before the revision's bounds
 * @param excessBurstCapacity load that could come at once beyond the present one; below 0 there is too little room
 * @param stableWanted by the stable window alone, before rates
 * @param panicWanted by the panic window alone, before rates
 * @param stepMax most that one step from the ready instances allows
 * @param stepMin least that one step from the ready instances allows
 * @param undelayed what was wanted before the scale-down delay
 * @param state to be passed to the next decision
 */
public record KpaDecision(
        int desired,
        long excessBurstCapacity,
        int stableWanted,
        int panicWanted,
        int stepMax,
        int stepMin,
        int undelayed,
        KpaState state) {

    public boolean panicking() {
        return state.panicAt() != null;
    }
}
