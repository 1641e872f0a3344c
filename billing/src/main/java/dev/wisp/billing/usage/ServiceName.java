package dev.wisp.billing.usage;

import java.util.Comparator;

/** A service; sorts by namespace, then name. */
public record ServiceName(String namespace, String name) implements Comparable<ServiceName> {

    private static final Comparator<ServiceName> ORDER =
            Comparator.comparing(ServiceName::namespace).thenComparing(ServiceName::name);

    @Override
    public int compareTo(ServiceName other) {
        return ORDER.compare(this, other);
    }
}
