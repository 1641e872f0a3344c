package dev.wisp.billing.usage;

import java.util.Locale;

/** What usage can be told apart by. */
public enum UsageGroup {
    NAMESPACE,
    SERVICE,
    REVISION;

    /** Its column, and its name in answers. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
