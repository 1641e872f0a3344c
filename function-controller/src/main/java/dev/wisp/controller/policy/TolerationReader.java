package dev.wisp.controller.policy;

import dev.wisp.contracts.placement.Taint.Effect;
import dev.wisp.contracts.placement.Toleration;
import dev.wisp.controller.policy.ServiceDraft.Tolerated;
import org.jspecify.annotations.Nullable;

/** Reads which taints a template tolerates. */
final class TolerationReader {

    private final Findings findings;

    TolerationReader(Findings findings) {
        this.findings = findings;
    }

    @Nullable
    Toleration toleration(String at, Tolerated written) {
        String key = orEmpty(written.key());
        String value = orEmpty(written.value());
        String operator = orEmpty(written.operator()).isEmpty() ? "Equal" : orEmpty(written.operator());
        boolean exists = operator.equals("Exists");
        if (!exists && !operator.equals("Equal")) {
            findings.add(at + "/operator", "must be Equal or Exists");
        } else if (exists && !value.isEmpty()) {
            findings.add(at + "/value", "has no meaning with operator Exists");
        } else if (!exists && key.isEmpty()) {
            findings.add(at + "/key", "is missing; only operator Exists goes without");
        } else if (!key.isEmpty() && !Names.isQualifiedName(key)) {
            findings.add(at + "/key", "is not a taint's key");
        } else {
            return withEffect(at, key, exists ? null : value, orEmpty(written.effect()));
        }
        return null;
    }

    private @Nullable Toleration withEffect(String at, String key, @Nullable String value, String effect) {
        if (effect.isEmpty()) {
            return new Toleration(key, value, null);
        }
        for (Effect known : Effect.values()) {
            if (known.title().equals(effect)) {
                return new Toleration(key, value, known);
            }
        }
        findings.add(at + "/effect", "must be NoSchedule, PreferNoSchedule or NoExecute");
        return null;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
