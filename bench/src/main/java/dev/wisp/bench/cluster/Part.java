package dev.wisp.bench.cluster;

import java.util.Locale;

/** What runs in a process of its own. */
public enum Part {
    BROKER(""),
    DATABASE(""),
    CONTROLLER("function-controller"),
    AUTOSCALER("autoscaler"),
    BILLING("billing"),
    /** What answers calls: gateway and node. */
    DATA_PLANE("gateway,node-runtime");

    private final String services;

    Part(String services) {
        this.services = services;
    }

    /** Value of {@code wisp.services}; empty for what is not ours. */
    String services() {
        return services;
    }

    /** As it is printed. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
