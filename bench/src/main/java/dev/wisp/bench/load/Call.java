package dev.wisp.bench.load;

/**
 * One call.
 *
 * @param startMicros since the run began
 * @param micros until its answer had come whole
 * @param ending status, and whether it is the platform's own; {@code no answer}, {@code broken off}
 */
record Call(long startMicros, long micros, String ending, boolean cold) {

    static final String GOOD = "200";

    boolean isGood() {
        return ending.equals(GOOD);
    }
}
