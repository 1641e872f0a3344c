package dev.wisp.testkit;

import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.RevisionSpecBuilder;
import dev.wisp.contracts.revision.ScalingSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Revisions as tests need them, who set what they are about. */
public final class RevisionSpecs {

    private RevisionSpecs() {}

    /** Of a program that listens at 8080, with a processor and 128 MiB, and Knative's defaults for everything else. */
    public static RevisionSpecBuilder of(RevisionId id, String service) {
        return RevisionSpecBuilder.builder()
                .id(id)
                .account("default")
                .service(service)
                .serviceUid("uid-" + service)
                .image(new ImageRef("wisp.local/hello:1", "registry.test/hello", "sha256:" + "0".repeat(64), true))
                .process(new ProcessSpec(List.of("/hello"), Map.of(), "/", "", 15))
                .port(8080)
                .protocol(RevisionSpec.Protocol.HTTP1)
                .limits(new Limits(1_000, 128L << 20, 64, 16L << 20))
                .containerConcurrency(0)
                .timeoutMillis(300_000)
                .startTimeoutMillis(10_000)
                .scaling(ScalingSpec.DEFAULT)
                .createdAt(Instant.EPOCH);
    }
}
