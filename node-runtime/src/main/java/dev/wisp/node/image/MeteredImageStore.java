package dev.wisp.node.image;

import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ImageRef;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.stream.LongStream;

/** Tells how long images took to be brought here, and how large they were; one that was here already is not counted. */
final class MeteredImageStore implements ImageStore {

    private static final Duration[] BUCKETS = LongStream.of(
                    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final ImageStore store;
    private final Timer pulled;
    private final Timer failed;
    private final DistributionSummary bytes;

    MeteredImageStore(ImageStore store, MeterRegistry registry) {
        this.store = store;
        this.pulled = timer(registry, "pulled");
        this.failed = timer(registry, "failed");
        this.bytes = DistributionSummary.builder("wisp.image")
                .baseUnit("bytes")
                .description("Size of images that were pulled, compressed, layers that were here included")
                .register(registry);
    }

    private static Timer timer(MeterRegistry registry, String result) {
        return Timer.builder("wisp.image.pull")
                .tag("result", result)
                .description("Time until an image that was not here was pulled and unpacked, or failed")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    @Override
    public UnpackedImage prepare(ImageRef image) {
        long began = System.nanoTime();
        try {
            UnpackedImage unpacked = store.prepare(image);
            if (unpacked.pullMicros() > 0) {
                pulled.record(Duration.ofNanos(System.nanoTime() - began));
                bytes.record((double) unpacked.bytes());
            }
            return unpacked;
        } catch (ProblemException e) {
            failed.record(Duration.ofNanos(System.nanoTime() - began));
            throw e;
        }
    }

    @Override
    public Set<String> strays() {
        return store.strays();
    }

    @Override
    public void close() {
        store.close();
    }
}
