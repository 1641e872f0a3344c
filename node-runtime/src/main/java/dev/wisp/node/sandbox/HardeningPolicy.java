package dev.wisp.node.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Settings of the host's kernel that stand behind the sandbox's own walls: what each should be, what an attacker has from it if it is not,
 * and how to set it. None is needed for a sandbox, which has its own guards against each; they are for what gets past those.
 */
final class HardeningPolicy {

    private static final String CORE_PATTERN = "kernel.core_pattern";
    private static final String NO_HANDLER = "|/bin/false";

    /** A setting that has levels. */
    private record Rule(String name, List<String> keys, int least, int advised, String without) {}

    private static final List<Rule> RULES = List.of(
            new Rule(
                    "links in shared folders are followed by their owners only",
                    List.of("fs.protected_symlinks", "fs.protected_hardlinks"),
                    1,
                    1,
                    "programs on the host that follow links in shared folders are easier to trick"),
            new Rule(
                    "pipes and files in shared folders are opened by their owners only",
                    List.of("fs.protected_fifos", "fs.protected_regular"),
                    1,
                    2,
                    "programs on the host that create files in shared folders can be handed somebody else's"),
            new Rule(
                    "kernel addresses are hidden",
                    List.of("kernel.kptr_restrict"),
                    1,
                    2,
                    "an attack on the kernel need not guess where things are"),
            new Rule(
                    "the kernel's log is for root",
                    List.of("kernel.dmesg_restrict"),
                    1,
                    1,
                    "any user of the host reads addresses and other tenants' ends in the kernel's log"),
            new Rule(
                    "programs in the kernel are for root",
                    List.of("kernel.unprivileged_bpf_disabled"),
                    1,
                    2,
                    "any user of the host gives the kernel's BPF verifier programs to get past"));

    private HardeningPolicy() {}

    /** Names of all settings that are looked at, as sysctl knows them. */
    static List<String> keys() {
        return Stream.concat(RULES.stream().flatMap(rule -> rule.keys().stream()), Stream.of(CORE_PATTERN))
                .toList();
    }

    /** Judges what was read. A setting that is not there is one of a part that this kernel was built without. */
    static List<HostFeature> features(Map<String, String> settings) {
        List<HostFeature> features = new ArrayList<>();
        RULES.forEach(rule -> features.add(feature(rule, settings)));
        features.add(coreDumps(settings.getOrDefault(CORE_PATTERN, "")));
        return features;
    }

    private static HostFeature feature(Rule rule, Map<String, String> settings) {
        List<String> low = rule.keys().stream()
                .filter(key -> settings.containsKey(key) && level(settings.get(key)) < rule.least())
                .toList();
        return new HostFeature(
                "%s (%s)".formatted(rule.name(), joined(rule.keys(), Function.identity(), ", ")),
                low.isEmpty(),
                false,
                rule.without(),
                "sysctl " + joined(low.isEmpty() ? rule.keys() : low, key -> key + "=" + rule.advised(), " "));
    }

    /**
     * A handler is a program that the kernel runs as root outside of all namespaces, with what the crashed program calls itself among its
     * arguments. A limit of 0 on core files, which every sandbox has, does not keep the kernel from it: it is no file.
     */
    private static HostFeature coreDumps(String pattern) {
        String text = pattern.strip();
        boolean handled = (text.startsWith("|") && !text.equals(NO_HANDLER)) || text.startsWith("@");
        return new HostFeature(
                "no program is run on crashes (%s)".formatted(CORE_PATTERN),
                !handled,
                false,
                "a crash in a sandbox runs '%s' on the host as root, and hands it what the workload left in memory"
                        .formatted(text),
                "sysctl %s=core".formatted(CORE_PATTERN));
    }

    private static String joined(List<String> keys, Function<String, String> text, String separator) {
        return keys.stream().map(text).collect(Collectors.joining(separator));
    }

    /** What is no number is as good as the lowest level. */
    private static int level(String text) {
        String number = text.strip();
        return number.matches("\\d{1,4}") ? Integer.parseInt(number) : 0;
    }
}
