package dev.wisp.node.instance;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.contracts.revision.RevisionReadiness.Phase;
import dev.wisp.contracts.revision.RevisionReadiness.State;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.image.ImageStore;
import dev.wisp.node.image.UnpackedImage;
import dev.wisp.node.instance.GrantPolicy.Purpose;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new revision ready on this node: image pulled and unpacked, then one instance started to prove that it listens. A revision that
 * was proved before, as after a restart, needs only its image. What failed for reasons that may pass is tried again every minute.
 */
final class RevisionPreparer implements AutoCloseable {

    private static final double MEBIBYTE = 1 << 20;
    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final Set<String> MAY_PASS = Set.of(
            ErrorCode.IMAGE_REGISTRY_UNREACHABLE.code(),
            ErrorCode.NO_CAPACITY.code(),
            ErrorCode.DISK_FULL.code(),
            ErrorCode.SANDBOX_FAILED.code(),
            ErrorCode.EGRESS_UNAVAILABLE.code(),
            ErrorCode.INTERNAL.code());

    private final String nodeId;
    private final ImageStore images;
    private final NodeInstances instances;
    private final KnownRevisions known;
    private final FactPublisher publisher;
    private final ScheduledExecutorService clock;
    private final InstantSource now;
    private final ExecutorService workers;

    RevisionPreparer(
            InstanceSettings settings,
            ImageStore images,
            NodeInstances instances,
            KnownRevisions known,
            FactPublisher publisher,
            ScheduledExecutorService clock,
            InstantSource now) {
        this.nodeId = settings.nodeId();
        this.images = images;
        this.instances = instances;
        this.known = known;
        this.publisher = publisher;
        this.clock = clock;
        this.now = now;
        this.workers = Executors.newFixedThreadPool(
                settings.prepareParallelism(),
                Thread.ofPlatform().name("wisp-prepare-", 0).daemon().factory());
    }

    /** Returns at once; the outcome is published. */
    void prepare(RevisionInstances revision, boolean proved) {
        try {
            workers.execute(() -> run(revision, proved));
        } catch (RejectedExecutionException e) {
            Log.debugf(
                    "node stops: revision=%s is not prepared", revision.spec().id());
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    private void run(RevisionInstances revision, boolean proved) {
        RevisionSpec spec = revision.spec();
        List<Phase> phases = new ArrayList<>();
        Problem problem = null;
        audit(spec);
        try {
            tell(spec, State.PULLING, phases, null);
            UnpackedImage image = images.prepare(spec.image());
            revision.unpacked(image);
            phases.add(new Phase("image", image.pullMicros(), size(image)));
            phases.add(new Phase("unpack", image.unpackMicros(), ""));
            problem = proved ? null : probe(revision, phases);
        } catch (ProblemException e) {
            problem = e.problem();
        } catch (RuntimeException e) {
            Log.errorf(e, "preparing revision=%s failed", spec.id());
            problem = Problem.of(ErrorCode.INTERNAL, "preparing revision " + spec.id() + ": " + e);
        }
        conclude(revision, phases, problem);
    }

    /** Whoever gives up a wall does so on record. */
    private static void audit(RevisionSpec spec) {
        if (spec.network().mode() == NetworkSpec.Mode.EGRESS) {
            List<NetworkSpec.Allowed> allow = spec.network().allow();
            Log.infof(
                    "audit: network opened revision=%s account=%s network=egress allow=%s",
                    spec.id(), spec.account(), allow.isEmpty() ? "public" : allow);
        }
    }

    private @Nullable Problem probe(RevisionInstances revision, List<Phase> phases) {
        RevisionSpec spec = revision.spec();
        tell(spec, State.STARTING, phases, null);
        return switch (instances.start(spec.id(), Purpose.PROBE).join()) {
            case StartOutcome.Started started -> {
                phases.add(new Phase("start", started.timing().totalMicros(), "listening on :" + spec.port()));
                yield null;
            }
            case StartOutcome.Refused refused ->
                Problem.of(
                        ErrorCode.NO_CAPACITY,
                        "no instance of %s could be tried: %s".formatted(spec.id(), refused.detail()));
            case StartOutcome.Failed failed -> failed.problem();
        };
    }

    private void conclude(RevisionInstances revision, List<Phase> phases, @Nullable Problem problem) {
        RevisionSpec spec = revision.spec();
        if (revision.isRetired()) {
            return;
        }
        if (problem == null) {
            revision.serve();
            known.save(revision.known());
            tell(spec, State.READY, phases, null);
            instances.poke(revision);
            return;
        }
        Log.warnf("revision=%s is not ready here: %s %s", spec.id(), problem.code(), problem.detail());
        tell(spec, State.FAILED, phases, problem);
        if (MAY_PASS.contains(problem.code()) && !clock.isShutdown()) {
            clock.schedule(() -> prepare(revision, false), RETRY.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void tell(RevisionSpec spec, State state, List<Phase> phases, @Nullable Problem problem) {
        publisher.publish(
                Topics.READINESS,
                spec.id() + "@" + nodeId,
                new RevisionReadiness(spec.id(), nodeId, state, phases, problem, now.instant()));
    }

    private static String size(UnpackedImage image) {
        boolean small = image.bytes() < MEBIBYTE;
        return String.format(
                Locale.ROOT,
                "%d layer%s, %.1f %s",
                image.layers().size(),
                image.layers().size() == 1 ? "" : "s",
                image.bytes() / (small ? 1024.0 : MEBIBYTE),
                small ? "KiB" : "MiB");
    }
}
