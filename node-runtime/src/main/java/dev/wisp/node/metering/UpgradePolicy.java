package dev.wisp.node.metering;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides which requests for another protocol are passed on. */
final class UpgradePolicy {

    /** Protocols of the connection itself: the platform speaks those with each side as it likes. */
    private static final Set<String> OF_THE_CONNECTION = Set.of("h2", "h2c", "http");

    private UpgradePolicy() {}

    /** What becomes of an {@code Upgrade} field. */
    enum Verdict {
        /** The workload is asked, and may say no. */
        ASK,
        /** RFC 9110, section 7.8: a server may go on as if it had not been asked. */
        IGNORE,
        /** It can neither be passed on nor be left out. */
        REFUSE
    }

    /**
     * @param protocols value of the {@code Upgrade} field, null for none
     * @param nominated whether the {@code Connection} field names it, without which it means nothing
     * @param bare whether the request is a GET without a body: after any other, the two sides may disagree on where the tunnel begins
     */
    static Verdict decide(@Nullable String protocols, boolean nominated, boolean bare) {
        if (protocols == null || !nominated || isOfTheConnection(protocols)) {
            return Verdict.IGNORE;
        }
        return bare ? Verdict.ASK : Verdict.REFUSE;
    }

    /** Whether one of the {@code Connection} fields lists {@code upgrade}. */
    static boolean isNominated(List<String> connectionHeaders) {
        for (String value : connectionHeaders) {
            for (String option : List.of(value.split(","))) {
                if (option.strip().equalsIgnoreCase("upgrade")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOfTheConnection(String protocols) {
        String name = protocols.strip().toLowerCase(Locale.ROOT);
        int version = name.indexOf('/');
        return OF_THE_CONNECTION.contains(version < 0 ? name : name.substring(0, version));
    }
}
