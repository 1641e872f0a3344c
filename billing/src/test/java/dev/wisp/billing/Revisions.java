package dev.wisp.billing;

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

/** Revisions as the controller publishes them. */
public final class Revisions {

    private Revisions() {}

    public static RevisionSpec of(RevisionId id, String service) {
        return of(id, service, Instant.parse("2026-11-23T09:00:00Z"));
    }

    public static RevisionSpec of(RevisionId id, String service, Instant createdAt) {
        return RevisionSpecBuilder.builder()
                .id(id)
                .account("default")
                .service(service)
                .serviceUid("uid-" + service)
                .image(new ImageRef("wisp.local/hello:1", "hello", "sha256:" + "0".repeat(64), true))
                .process(new ProcessSpec(List.of("/hello"), Map.of(), "/", "", 15))
                .port(8080)
                .protocol(RevisionSpec.Protocol.HTTP1)
                .limits(new Limits(1_000, 128L << 20, 64, 16L << 20))
                .containerConcurrency(1)
                .timeoutMillis(30_000)
                .startTimeoutMillis(10_000)
                .scaling(ScalingSpec.DEFAULT)
                .createdAt(createdAt)
                .build();
    }
}
