package dev.wisp.node.instance;

import dev.wisp.contracts.placement.EligibilityPolicy;
import dev.wisp.contracts.placement.Taint;
import dev.wisp.contracts.revision.RevisionSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What this node is, for revisions that choose: labels and taints, in Kubernetes' form. */
public record NodeTraits(Map<String, String> labels, List<Taint> taints) {

    static final int ENTRIES_MAX = 64;

    private static final Pattern KEY =
            Pattern.compile("(?:[a-z0-9][-.a-z0-9]{0,252}/)?[A-Za-z0-9](?:[-._A-Za-z0-9]{0,61}[A-Za-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("(?:[A-Za-z0-9](?:[-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?");

    public static final NodeTraits NONE = new NodeTraits(Map.of(), List.of());

    public NodeTraits {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
        if (labels.size() > ENTRIES_MAX || taints.size() > ENTRIES_MAX) {
            throw new IllegalArgumentException("wisp.node.instance: %d labels and %d taints, at most %d of each"
                    .formatted(labels.size(), taints.size(), ENTRIES_MAX));
        }
        labels.forEach(NodeTraits::check);
    }

    /** What the configuration says, and what Kubernetes' nodes say of themselves. */
    public static NodeTraits of(InstanceConfig config, String nodeId) {
        Map<String, String> labels = new TreeMap<>(Map.of(
                "kubernetes.io/hostname",
                nodeId,
                "kubernetes.io/os",
                "linux",
                "kubernetes.io/arch",
                architecture(System.getProperty("os.arch", ""))));
        labels.putAll(config.labels());
        return new NodeTraits(
                labels,
                config.taints().orElse(List.of()).stream().map(Taint::parse).toList());
    }

    /** Whether a revision may be started here at all. */
    boolean mayStart(RevisionSpec spec) {
        return EligibilityPolicy.decide(spec.placement(), labels, taints).mayStart();
    }

    private static String architecture(String java) {
        return switch (java.toLowerCase(Locale.ROOT)) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }

    private static void check(String key, String value) {
        if (!KEY.matcher(key).matches() || !VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "wisp.node.instance.labels: '%s=%s' is not a label as Kubernetes has them".formatted(key, value));
        }
    }
}
