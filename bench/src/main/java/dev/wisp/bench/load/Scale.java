package dev.wisp.bench.load;

/**
 * How many instances there were at a moment, as the autoscaler saw it.
 *
 * @param atMicros since the run began
 * @param desired by its last decision on each revision
 * @param ready that take calls
 */
record Scale(long atMicros, int desired, int ready) {}
