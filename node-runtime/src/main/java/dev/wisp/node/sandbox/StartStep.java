package dev.wisp.node.sandbox;

/**
 * One system call of a start.
 *
 * @param call as strace would print it, with the step it belongs to as a comment
 * @param micros from the return of the call before to its own, negative where that is not known; for the gate that a parked child waits at, from its opening
 * @param outcome what it returned, {@code EACCES} say; empty for the call that never returns
 * @param waited whether a start waits for it; the others were made while nobody did
 */
public record StartStep(String call, double micros, String outcome, boolean waited) {}
