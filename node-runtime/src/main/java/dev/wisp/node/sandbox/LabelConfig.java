package dev.wisp.node.sandbox;

/**
 * Who workloads are to the host's security module, if it has one.
 *
 * @param appArmorProfile name of a loaded profile; {@link #AUTO} for {@link #PROFILE} where that is loaded, {@link #NONE} for none
 * @param seLinuxLabel context to execute workloads in, {@link #NONE} for the policy's own choice
 */
public record LabelConfig(String appArmorProfile, String seLinuxLabel) {

    public static final String AUTO = "auto";
    public static final String NONE = "none";

    /** Name of the profile that comes with Wisp. */
    public static final String PROFILE = "wisp-sandbox";

    private static final int LENGTH_MAX = 255;

    public LabelConfig {
        check("appArmorProfile", appArmorProfile);
        check("seLinuxLabel", seLinuxLabel);
        if (!seLinuxLabel.equals(NONE) && !appArmorProfile.equals(NONE) && !appArmorProfile.equals(AUTO)) {
            throw new IllegalArgumentException("appArmorProfile=%s and seLinuxLabel=%s, a host has one of both at most"
                    .formatted(appArmorProfile, seLinuxLabel));
        }
    }

    public static LabelConfig byDefault() {
        return new LabelConfig(AUTO, NONE);
    }

    private static void check(String name, String value) {
        if (value.length() > LENGTH_MAX || !value.matches("[!-~]+")) {
            throw new IllegalArgumentException(
                    "%s=%s, must be 1..%d printable characters without a blank".formatted(name, value, LENGTH_MAX));
        }
    }
}
