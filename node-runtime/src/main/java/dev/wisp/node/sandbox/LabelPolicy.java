package dev.wisp.node.sandbox;

import org.jspecify.annotations.Nullable;

/** Chooses the label of workloads: what was asked for is applied or refused, never left out in silence. */
final class LabelPolicy {

    private LabelPolicy() {}

    /**
     * What every child of the runtime says before it executes, null for nothing.
     *
     * @throws IllegalStateException when the host cannot apply what was asked for, saying why and what to do
     */
    static @Nullable ExecLabel choose(LabelConfig wanted, SecurityModules host) {
        if (!wanted.seLinuxLabel().equals(LabelConfig.NONE)) {
            return seLinux(wanted.seLinuxLabel(), host);
        }
        return switch (wanted.appArmorProfile()) {
            case LabelConfig.NONE -> null;
            case LabelConfig.AUTO ->
                host.mode(LabelConfig.PROFILE) == null ? null : appArmor(LabelConfig.PROFILE, host);
            default -> named(wanted.appArmorProfile(), host);
        };
    }

    private static ExecLabel seLinux(String label, SecurityModules host) {
        if (!host.seLinux()) {
            throw new IllegalStateException(
                    "wisp.node.sandbox.selinux-label=%s, but this host has no SELinux: set it to none"
                            .formatted(label));
        }
        return new ExecLabel("apply SELinux label", "/proc/self/attr/exec", label);
    }

    /** Where the list of profiles cannot be read, the first start will tell. */
    private static ExecLabel named(String profile, SecurityModules host) {
        if (!host.appArmor()) {
            throw new IllegalStateException(
                    "wisp.node.sandbox.apparmor-profile=%s, but this host has no AppArmor: set it to auto or none"
                            .formatted(profile));
        }
        if (host.profiles() != null && host.mode(profile) == null) {
            throw new IllegalStateException(
                    "wisp.node.sandbox.apparmor-profile=%s, but it is not loaded: apparmor_parser -r FILE (Wisp's own is deploy/apparmor/%s)"
                            .formatted(profile, LabelConfig.PROFILE));
        }
        return appArmor(profile, host);
    }

    /** Taken at once and not with the next program: that would clear the signal by which a sandbox dies with its runtime. */
    private static ExecLabel appArmor(String profile, SecurityModules host) {
        String file = host.ownAttributes() ? "/proc/self/attr/apparmor/current" : "/proc/self/attr/current";
        return new ExecLabel("apply AppArmor profile", file, "changeprofile " + profile);
    }
}
