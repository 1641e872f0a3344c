package dev.wisp.controller.policy;

import java.util.regex.Pattern;

/** The forms of names. */
public final class Names {

    public static final int LABEL_MAX = 63;
    public static final String LABEL_RULE =
            "must be a DNS label: 1 to 63 of a-z, 0-9 and '-', starting and ending with a letter or digit";

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern ENV = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]{0,254}");
    private static final Pattern QUALIFIED =
            Pattern.compile("([a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?");

    private Names() {}

    public static boolean isDnsLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /**
     * The name of a service's n-th revision: {@code hello-00001}. A service name so long that the result would be no DNS label is cut,
     * with a hash of it in place of what was cut.
     */
    public static String revision(String service, long number) {
        String suffix = "-%05d".formatted(number);
        if (service.length() + suffix.length() <= LABEL_MAX) {
            return service + suffix;
        }
        String hash = "-%08x".formatted(service.hashCode());
        String kept = service.substring(0, LABEL_MAX - suffix.length() - hash.length());
        return kept + hash + suffix;
    }

    static boolean isEnvName(String text) {
        return ENV.matcher(text).matches();
    }

    static boolean isQualifiedName(String text) {
        return QUALIFIED.matcher(text).matches();
    }

    static boolean isLabelValue(String text) {
        return LABEL_VALUE.matcher(text).matches();
    }
}
