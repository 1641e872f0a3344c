package dev.wisp.node.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers how quickly images began to listen, as {@link ReadinessPolicy} wants it. Thread-safe. */
final class ReadinessTimes {

    /** The image that was started longest ago is forgotten first. */
    private static final int IMAGES_MAX = 256;

    private final Map<ImageRoot, Long> quickest = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ImageRoot, Long> eldest) {
            return size() > IMAGES_MAX;
        }
    };

    synchronized long quickestNanos(ImageRoot image) {
        return quickest.getOrDefault(image, ReadinessPolicy.UNKNOWN);
    }

    synchronized void listened(ImageRoot image, long nanos, boolean lookedTooEarly) {
        quickest.put(image, ReadinessPolicy.quickest(quickestNanos(image), nanos, lookedTooEarly));
    }
}
