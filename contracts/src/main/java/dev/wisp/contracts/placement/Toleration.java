package dev.wisp.contracts.placement;

import org.jspecify.annotations.Nullable;

/**
 * Which taints a revision does not mind.
 *
 * @param key empty for every taint
 * @param value what the taint's value must be, null for any
 * @param effect null for every effect
 */
public record Toleration(String key, @Nullable String value, Taint.@Nullable Effect effect) {

    boolean covers(Taint taint) {
        return (key.isEmpty() || key.equals(taint.key()))
                && (value == null || value.equals(taint.value()))
                && (effect == null || effect == taint.effect());
    }
}
