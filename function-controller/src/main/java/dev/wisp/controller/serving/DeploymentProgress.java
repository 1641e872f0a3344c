package dev.wisp.controller.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.RevisionReadiness.Phase;
import dev.wisp.controller.route.ServingConfig;
import dev.wisp.controller.store.Progress;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.StoredRevision;
import dev.wisp.controller.store.StoredService;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a deployment is, for the transcript that a client prints.
 *
 * @param generation of the service when the revision was made
 * @param version changes whenever anything here does; to be given back when waiting for the next change
 * @param state {@code WAITING}, {@code PULLING}, {@code STARTING}, {@code READY}, {@code FAILED} or {@code DEADLINE_EXCEEDED}
 * @param done whether the state is an outcome
 * @param traffic which revision has the traffic now; null when none has
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeploymentProgress(
        String namespace,
        String service,
        long generation,
        long version,
        String revision,
        String image,
        String digest,
        Progress.State state,
        boolean done,
        @Nullable String nodeId,
        List<Phase> phases,
        @Nullable Problem problem,
        @Nullable String traffic,
        Instant createdAt,
        Instant changedAt,
        String url) {

    /** The revision that a generation of the service made, or the one before when it made none; E1803 when there was none yet. */
    static DeploymentProgress of(ServiceSnapshot snapshot, long generation, ServingConfig config) {
        StoredService service = snapshot.service();
        StoredRevision revision = snapshot.revisions().stream()
                .filter(candidate -> candidate.serviceGeneration() <= generation)
                .max(Comparator.comparingLong(StoredRevision::number))
                .filter(found -> generation <= service.generation() || generation == Long.MAX_VALUE)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        ErrorCode.NOT_FOUND,
                        "service %s/%s has no generation %d; it is at %d"
                                .formatted(service.namespace(), service.name(), generation, service.generation()))));
        return of(service, revision, config);
    }

    private static DeploymentProgress of(StoredService service, StoredRevision revision, ServingConfig config) {
        Progress progress = revision.progress();
        return new DeploymentProgress(
                service.namespace(),
                service.name(),
                revision.serviceGeneration(),
                Math.max(service.resourceVersion(), revision.resourceVersion()),
                revision.name(),
                revision.spec().image().reference(),
                revision.spec().image().digest(),
                progress.state(),
                progress.state().isOutcome(),
                progress.nodeId(),
                progress.phases(),
                progress.problem(),
                service.route().targets().stream()
                        .findFirst()
                        .map(target -> target.revision().name())
                        .orElse(null),
                revision.createdAt(),
                progress.changedAt(),
                config.url(service.route().host()));
    }
}
