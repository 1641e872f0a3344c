package dev.wisp.node.trace;

import dev.wisp.testkit.OtlpReceiver;
import java.time.Duration;
import java.util.Optional;

/** A configuration as tests want it. */
public record TracingSettings(Optional<String> endpoint, double sampleRatio) implements TracingConfig {

    /** Sends there, and traces this part of the calls whose caller does not say. */
    public static TracingSettings to(OtlpReceiver receiver, double sampleRatio) {
        return new TracingSettings(Optional.of(receiver.endpoint()), sampleRatio);
    }

    @Override
    public Optional<String> headers() {
        return Optional.of("authorization=Bearer of-the-receiver");
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(5);
    }

    @Override
    public int queueMax() {
        return 512;
    }
}
