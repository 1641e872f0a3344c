package dev.wisp.node.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which modules the host's kernel has that tell programs apart by a label.
 *
 * @param appArmor whether it is there and switched on
 * @param profiles loaded ones with their modes, {@code wisp-sandbox (enforce)}; null when that cannot be known
 * @param ownAttributes whether AppArmor's attributes are in a folder of their own, beside those of other modules
 * @param seLinux whether it is there and switched on
 */
record SecurityModules(boolean appArmor, @Nullable List<String> profiles, boolean ownAttributes, boolean seLinux) {

    private static final Path SWITCH = Path.of("/sys/module/apparmor/parameters/enabled");
    private static final Path PROFILES = Path.of("/sys/kernel/security/apparmor/profiles");
    private static final Path ATTRIBUTES = Path.of("/proc/self/attr/apparmor");
    private static final Path SE_LINUX = Path.of("/sys/fs/selinux/enforce");

    SecurityModules {
        profiles = profiles == null ? null : List.copyOf(profiles);
    }

    static SecurityModules observe() {
        List<String> enabled = lines(SWITCH);
        boolean appArmor = enabled != null && enabled.equals(List.of("Y"));
        return new SecurityModules(
                appArmor, appArmor ? lines(PROFILES) : null, Files.isDirectory(ATTRIBUTES), Files.exists(SE_LINUX));
    }

    private static @Nullable List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return null;
        }
    }

    /** The mode of a loaded profile, null when it is not loaded or that cannot be known. */
    @Nullable
    String mode(String profile) {
        String begin = profile + " (";
        return profiles == null
                ? null
                : profiles.stream()
                        .filter(line -> line.startsWith(begin) && line.endsWith(")"))
                        .map(line -> line.substring(begin.length(), line.length() - 1))
                        .findFirst()
                        .orElse(null);
    }
}
