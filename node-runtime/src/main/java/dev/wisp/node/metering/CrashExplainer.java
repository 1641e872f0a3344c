package dev.wisp.node.metering;

import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.node.instance.Instance;
import dev.wisp.node.log.LogStore;
import dev.wisp.node.sandbox.SandboxExit;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Says why a container's connection broke in the middle of a request: the process ended, ran out of memory, or hung up. */
final class CrashExplainer {

    private static final int EVIDENCE_LINES_MAX = 20;

    private final LogStore logs;

    CrashExplainer(LogStore logs) {
        this.logs = logs;
    }

    /** Tells the outcome and the problem on the event loop, at once if the process's end is known, else when it is or time is over. */
    void explain(Instance instance, long waitMillis, EventLoop eventLoop, BiConsumer<Outcome, Problem> receiver) {
        instance.sandbox()
                .exit()
                .thenApply(ended -> ended)
                .orTimeout(waitMillis, TimeUnit.MILLISECONDS)
                .whenComplete((ended, tooLate) -> tell(instance, ended, eventLoop, receiver));
    }

    private void tell(
            Instance instance, @Nullable SandboxExit exit, EventLoop eventLoop, BiConsumer<Outcome, Problem> receiver) {
        Outcome outcome = exit != null && exit.outOfMemory() ? Outcome.OUT_OF_MEMORY : Outcome.ERROR;
        List<String> evidence = logs.tail(instance.revision().id(), instance.id(), EVIDENCE_LINES_MAX);
        Problem problem = problem(instance, exit).withEvidence(evidence);
        eventLoop.execute(() -> receiver.accept(outcome, problem));
    }

    private static Problem problem(Instance instance, @Nullable SandboxExit exit) {
        String who =
                "instance %s of %s".formatted(instance.id(), instance.revision().id());
        if (exit == null) {
            return Problem.of(ErrorCode.BAD_RESPONSE, who + " closed the connection before its answer was complete");
        }
        if (exit.outOfMemory()) {
            long mebibytes = instance.revision().limits().memoryBytes() >> 20;
            return Problem.of(
                            ErrorCode.OUT_OF_MEMORY,
                            "%s was killed at its memory limit of %d MiB%s"
                                    .formatted(who, mebibytes, exit.memoryDetail()))
                    .withHint("give the service more memory, or less to do at once");
        }
        return Problem.of(ErrorCode.EXITED, "%s exited with code %d".formatted(who, exit.exitCode()));
    }
}
