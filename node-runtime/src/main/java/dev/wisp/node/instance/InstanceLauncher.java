package dev.wisp.node.instance;

import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.dataplane.StartOutcome.Refusal;
import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.image.UnpackedImage;
import dev.wisp.node.instance.GrantPolicy.Purpose;
import dev.wisp.node.instance.InstanceInput.Listening;
import dev.wisp.node.instance.InstanceInput.ProcessEnded;
import dev.wisp.node.log.LogStore;
import dev.wisp.node.sandbox.Limit;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxExit;
import dev.wisp.node.sandbox.SandboxRuntime;
import dev.wisp.node.sandbox.SandboxSpec;
import io.netty.channel.unix.FileDescriptor;
import io.quarkus.logging.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Starts and stops the sandboxes of instances, each on a bounded pool of platform threads because both block in native calls. */
final class InstanceLauncher implements AutoCloseable {

    private static final int WARM_THREADS = 8;
    private static final int STOP_THREADS = 16;
    private static final int EVIDENCE_LINES_MAX = 20;
    private static final Duration THREAD_IDLE = Duration.ofSeconds(30);

    private final SandboxRuntime runtime;
    private final LogStore logs;
    private final InstanceSettings settings;
    private final LongSupplier nanoTime;
    private final CapacityLedger capacity;
    private final ThreadPoolExecutor starts;
    private final ThreadPoolExecutor stops;

    InstanceLauncher(
            SandboxRuntime runtime,
            LogStore logs,
            InstanceSettings settings,
            CapacityLedger capacity,
            LongSupplier nanoTime) {
        this.runtime = runtime;
        this.logs = logs;
        this.settings = settings;
        this.capacity = capacity;
        this.nanoTime = nanoTime;
        this.starts = new ThreadPoolExecutor(
                Math.min(WARM_THREADS, settings.startParallelism()),
                settings.startParallelism(),
                THREAD_IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().name("wisp-start-", 0).daemon().factory());
        this.starts.prestartAllCoreThreads();
        // A sandbox is stopped once and taken down once, which bounds the queue.
        this.stops = new ThreadPoolExecutor(
                STOP_THREADS,
                STOP_THREADS,
                THREAD_IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(2 * settings.sandboxesMax()),
                Thread.ofPlatform().name("wisp-stop-", 0).daemon().factory());
        this.stops.allowCoreThreadTimeOut(true);
    }

    /** Starts what was claimed; the future never fails. */
    CompletableFuture<StartOutcome> launch(Instance instance, UnpackedImage image, Purpose purpose) {
        CompletableFuture<StartOutcome> outcome = new CompletableFuture<>();
        long claimedNanos = nanoTime.getAsLong();
        try {
            starts.execute(() -> outcome.complete(start(instance, image, purpose, claimedNanos)));
        } catch (RejectedExecutionException e) {
            String detail = "%d starts are under way".formatted(settings.startParallelism());
            abandon(instance, new Ending(Ending.Cause.START_FAILED, detail));
            outcome.complete(new StartOutcome.Refused(Refusal.NO_CAPACITY, detail));
        }
        return outcome;
    }

    /** Stops the sandbox of an instance that drains and has nothing in flight: from now on what it holds is coming back. */
    void stop(Instance instance) {
        Sandbox sandbox = instance.sandbox();
        capacity.leaves(instance);
        if (instance.state() instanceof InstanceState.Gone) {
            // Its process ended by itself meanwhile, and may have been taken down before it was said to leave.
            capacity.isStuck(instance);
        }
        stops.execute(() -> stop(instance, sandbox, settings.stopGrace()));
    }

    /** One that does not end is the runtime's to report and to try again; nobody should count on its end. */
    private void stop(Instance instance, Sandbox sandbox, Duration grace) {
        try {
            sandbox.stop(grace);
        } catch (RuntimeException e) {
            capacity.isStuck(instance);
            Log.warnf("instanceId=%s cannot be stopped: %s", instance.id(), e.getMessage());
        }
    }

    /** Freezes the sandbox of an instance that is still idle; false when the node stops. */
    boolean freeze(Instance instance, long idleSinceNanos) {
        try {
            stops.execute(() -> freezeNow(instance, idleSinceNanos));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** One that cannot be frozen runs on, which is a waste and no failure. */
    private static void freezeNow(Instance instance, long idleSinceNanos) {
        try {
            instance.freeze(idleSinceNanos);
        } catch (RuntimeException e) {
            Log.warnf("instanceId=%s cannot be frozen: %s", instance.id(), e.getMessage());
        }
    }

    @Override
    public void close() {
        starts.shutdownNow();
        stops.shutdown();
        try {
            Duration longest = settings.stopGrace().plusSeconds(1);
            if (!stops.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                Log.warnf("%d sandboxes were still stopping after %s", stops.getActiveCount(), longest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StartOutcome start(Instance instance, UnpackedImage image, Purpose purpose, long claimedNanos) {
        try {
            Sandbox sandbox = runtime.start(spec(instance, image));
            instance.attach(sandbox);
            long listeningNanos = nanoTime.getAsLong();
            if (purpose == Purpose.GATEWAY) {
                connectAhead(instance, sandbox);
            }
            instance.handle(new Listening(listeningNanos));
            CompletableFuture<SandboxExit> exit = sandbox.exit();
            exit.thenAccept(ended -> takeDown(instance, sandbox, ended));
            return new StartOutcome.Started(
                    instance.id(),
                    instance.revision().containerConcurrency(),
                    timing(sandbox.timing(), (listeningNanos - claimedNanos) / 1_000));
        } catch (ProblemException e) {
            return failed(instance, e.problem());
        } catch (RuntimeException e) {
            Log.errorf(e, "start of instanceId=%s failed", instance.id());
            return failed(instance, Problem.of(ErrorCode.SANDBOX_FAILED, "instance " + instance.id() + ": " + e));
        }
    }

    private void connectAhead(Instance instance, Sandbox sandbox) {
        try {
            instance.attachSocket(sandbox.connect());
        } catch (ProblemException e) {
            Log.debugf("instanceId=%s takes no connection yet: %s", instance.id(), e.getMessage());
        }
    }

    private SandboxSpec spec(Instance instance, UnpackedImage image) {
        RevisionSpec revision = instance.revision();
        return new SandboxSpec(
                instance.id(),
                image.layers(),
                revision.process(),
                Map.of(
                        "PORT", Integer.toString(revision.port()),
                        "K_SERVICE", revision.service(),
                        "K_CONFIGURATION", revision.service(),
                        "K_REVISION", revision.id().name()),
                revision.limits(),
                revision.port(),
                Duration.ofMillis(revision.startTimeoutMillis()),
                logs.sink(revision.id(), instance.id()),
                revision.account(),
                revision.network());
    }

    /** The sandbox knows its own phases; what came before is the wait for a thread. */
    private static StartTiming timing(StartTiming sandbox, long totalMicros) {
        List<StartTiming.Phase> phases = new ArrayList<>();
        phases.add(new StartTiming.Phase("schedule", Math.max(0, totalMicros - sandbox.totalMicros())));
        phases.addAll(sandbox.phases());
        return new StartTiming(Math.max(totalMicros, sandbox.totalMicros()), phases);
    }

    private StartOutcome failed(Instance instance, Problem problem) {
        Problem told = problem.evidence().isEmpty()
                ? problem.withEvidence(logs.tail(instance.revision().id(), instance.id(), EVIDENCE_LINES_MAX))
                : problem;
        abandon(instance, new Ending(Ending.Cause.START_FAILED, told.detail()));
        return new StartOutcome.Failed(told);
    }

    private void abandon(Instance instance, Ending ending) {
        capacity.giveBack(instance);
        instance.handle(new ProcessEnded(ending));
    }

    private void takeDown(Instance instance, Sandbox sandbox, SandboxExit exit) {
        instance.handle(new ProcessEnded(ending(instance, exit, sandbox.limitsReached())));
        closeSpare(instance);
        try {
            stops.execute(() -> stop(instance, sandbox, Duration.ZERO));
            sandbox.released().thenRun(() -> capacity.giveBack(instance));
        } catch (RejectedExecutionException e) {
            Log.debugf("node stops: the runtime takes down instanceId=%s", instance.id());
        }
    }

    private static void closeSpare(Instance instance) {
        int spare = instance.takeSpareSocket();
        if (spare == Instance.NO_SOCKET) {
            return;
        }
        try {
            new FileDescriptor(spare).close();
        } catch (IOException e) {
            Log.debugf("instanceId=%s: %s", instance.id(), e);
        }
    }

    private static Ending ending(Instance instance, SandboxExit exit, Set<Limit> reached) {
        if (exit.outOfMemory()) {
            return new Ending(
                    Ending.Cause.OUT_OF_MEMORY,
                    "out of memory at %d MiB%s"
                            .formatted(instance.revision().limits().memoryBytes() >> 20, exit.memoryDetail()));
        }
        String limits = reached.stream()
                .sorted()
                .map(limit -> limit.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", ", ", limits reached: ", ""));
        return new Ending(
                Ending.Cause.CRASH, "exited with code " + exit.exitCode() + (reached.isEmpty() ? "" : limits));
    }

    int startsUnderWay() {
        return starts.getActiveCount();
    }
}
