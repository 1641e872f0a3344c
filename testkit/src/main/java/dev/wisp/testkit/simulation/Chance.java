package dev.wisp.testkit.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * What happens by chance in one part of a simulation. Each part has its own draws, by its name: another part that draws more or less than it
 * did, or is new, does not change them. So a seed stays the same scenario while the platform changes: the same services, faults and calls at
 * the same moments.
 */
public final class Chance {

    private final RandomGenerator random;

    /** Of that part in the simulation of that seed. */
    public Chance(long seed, String part) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + part.hashCode());
    }

    public RandomGenerator random() {
        return random;
    }

    /** Something between the two, each equally likely. */
    public Duration between(Duration least, Duration most) {
        return Duration.ofNanos(random.nextLong(least.toNanos(), most.toNanos() + 1));
    }

    /** True with that probability. */
    public boolean of(double probability) {
        return random.nextDouble() < probability;
    }

    /** 0 to below the bound. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    public <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
