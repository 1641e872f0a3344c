package dev.wisp.autoscaler.replay;

import java.util.Arrays;

/** The calls of one function: when each came, in seconds since the recording began, and how long it takes in an instance. Immutable. */
public final class CallSeries {

    private final String function;
    private final double memoryGb;
    private final double[] arrivals;
    private final double[] serviceSeconds;

    /**
     * Both arrays are copied.
     *
     * @param memoryGb memory of an instance
     * @param arrivals rising
     * @param serviceSeconds in the same order
     */
    public CallSeries(String function, double memoryGb, double[] arrivals, double[] serviceSeconds) {
        if (arrivals.length != serviceSeconds.length) {
            throw new IllegalArgumentException("function=%s has %d arrivals and %d service times"
                    .formatted(function, arrivals.length, serviceSeconds.length));
        }
        for (int i = 1; i < arrivals.length; i++) {
            if (arrivals[i] < arrivals[i - 1]) {
                throw new IllegalArgumentException("function=%s: arrival %d is before the last".formatted(function, i));
            }
        }
        this.function = function;
        this.memoryGb = memoryGb;
        this.arrivals = arrivals.clone();
        this.serviceSeconds = serviceSeconds.clone();
    }

    public String function() {
        return function;
    }

    public double memoryGb() {
        return memoryGb;
    }

    public int calls() {
        return arrivals.length;
    }

    public double arrival(int call) {
        return arrivals[call];
    }

    public double serviceSeconds(int call) {
        return serviceSeconds[call];
    }

    /** The service's own time, without anything a platform adds. */
    public double busySeconds() {
        return Arrays.stream(serviceSeconds).sum();
    }
}
