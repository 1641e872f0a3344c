package dev.wisp.contracts.service;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Which of the five services a process runs, from the key {@code wisp.services}: {@code all} or a list by comma. */
public record Services(Set<Service> active) {

    /** The five services. */
    public enum Service {
        GATEWAY,
        FUNCTION_CONTROLLER,
        AUTOSCALER,
        NODE_RUNTIME,
        BILLING
    }

    /** Configuration key. */
    public static final String KEY = "wisp.services";

    public Services {
        active = Set.copyOf(active);
    }

    public static Services parse(String text) {
        if (text.equals("all")) {
            return new Services(EnumSet.allOf(Service.class));
        }
        EnumSet<Service> active = EnumSet.noneOf(Service.class);
        for (String name : text.split(",", -1)) {
            active.add(service(name.strip()));
        }
        return new Services(active);
    }

    public boolean runs(Service service) {
        return active.contains(service);
    }

    private static Service service(String name) {
        try {
            return Service.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s=%s, must be all or some of %s"
                            .formatted(
                                    KEY,
                                    name,
                                    Arrays.toString(Service.values())
                                            .toLowerCase(Locale.ROOT)
                                            .replace('_', '-')),
                    e);
        }
    }
}
