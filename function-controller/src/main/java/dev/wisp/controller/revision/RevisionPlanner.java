package dev.wisp.controller.revision;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.RevisionSpecBuilder;
import dev.wisp.controller.policy.Workload;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Makes the specification that nodes, gateways and the autoscaler work from. */
public final class RevisionPlanner {

    private static final String CONTAINER = "/spec/template/spec/containers/0";

    private RevisionPlanner() {}

    /** Whose revision it is. The account that pays is the namespace. */
    public record Identity(RevisionId id, String service, UUID serviceUid, Instant createdAt) {}

    /** Refuses, with E1106, an image without entrypoint for a service without command. */
    public static RevisionSpec plan(Identity identity, PinnedImage image, Workload workload) {
        ProcessSpec process = ProcessPolicy.process(image, workload)
                .orElseThrow(() -> new ProblemException(withoutEntrypoint(workload.image())));
        return RevisionSpecBuilder.builder()
                .id(identity.id())
                .account(identity.id().namespace())
                .service(identity.service())
                .serviceUid(identity.serviceUid().toString())
                .image(image.image())
                .process(process)
                .port(workload.port())
                .protocol(workload.protocol())
                .limits(workload.limits())
                .containerConcurrency(workload.containerConcurrency())
                .timeoutMillis(workload.timeoutMillis())
                .startTimeoutMillis(workload.startTimeoutMillis())
                .scaling(workload.scaling())
                .createdAt(identity.createdAt())
                .network(workload.network())
                .async(workload.async())
                .placement(workload.placement())
                .labels(workload.labels())
                .build();
    }

    private static Problem withoutEntrypoint(String image) {
        return Problem.of(
                        ErrorCode.IMAGE_WITHOUT_ENTRYPOINT,
                        "image %s has neither ENTRYPOINT nor CMD, and the service names no command".formatted(image))
                .withErrors(List.of(new Problem.FieldError(CONTAINER + "/command", "is missing")))
                .withHint("set command in the service, or ENTRYPOINT in the image");
    }
}
