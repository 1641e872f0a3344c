package dev.wisp.controller.revision;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.controller.revision.Condition.Status;
import dev.wisp.controller.store.Progress;
import dev.wisp.controller.store.StoredRevision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says how a revision is, in conditions. */
public final class ConditionPolicy {

    public static final String READY = "Ready";
    public static final String CONTAINER_HEALTHY = "ContainerHealthy";
    public static final String RESOURCES_AVAILABLE = "ResourcesAvailable";

    private ConditionPolicy() {}

    /** {@code Ready} first, then the two it sums up. */
    public static List<Condition> conditions(StoredRevision revision) {
        Progress progress = revision.progress();
        return switch (progress.state()) {
            case WAITING -> both(progress, Status.UNKNOWN, "Deploying", "waiting for a node to take the revision");
            case PULLING -> both(progress, Status.UNKNOWN, "PullingImage", "a node is pulling the image");
            case STARTING -> starting(progress);
            case READY ->
                all(
                        Condition.holds(CONTAINER_HEALTHY, progress.changedAt()),
                        Condition.holds(RESOURCES_AVAILABLE, progress.changedAt()));
            case FAILED -> failed(progress);
            case DEADLINE_EXCEEDED ->
                both(
                        progress,
                        Status.FALSE,
                        "ProgressDeadlineExceeded",
                        "no node made revision %s ready in time".formatted(revision.name()));
        };
    }

    /** The verdict that {@code Ready} carries. */
    public static Condition ready(StoredRevision revision) {
        return conditions(revision).getFirst();
    }

    private static List<Condition> starting(Progress progress) {
        return all(
                new Condition(
                        CONTAINER_HEALTHY,
                        Status.UNKNOWN,
                        "StartingContainer",
                        "a node is starting the container",
                        progress.changedAt()),
                Condition.holds(RESOURCES_AVAILABLE, progress.changedAt()));
    }

    /** Image and quota problems are of the resources; start and run-time problems are of the container. */
    private static List<Condition> failed(Progress progress) {
        Problem problem = progress.problem() == null
                ? Problem.of(ErrorCode.SANDBOX_FAILED, "the node gave no reason")
                : progress.problem();
        boolean container = problem.code().startsWith("E12") || problem.code().startsWith("E13");
        Condition verdict = new Condition(
                container ? CONTAINER_HEALTHY : RESOURCES_AVAILABLE,
                Status.FALSE,
                reason(problem),
                message(problem),
                progress.changedAt());
        return container
                ? all(verdict, Condition.holds(RESOURCES_AVAILABLE, progress.changedAt()))
                : all(
                        new Condition(
                                CONTAINER_HEALTHY,
                                Status.UNKNOWN,
                                "NotStarted",
                                "the container was not started",
                                progress.changedAt()),
                        verdict);
    }

    private static List<Condition> both(Progress progress, Status status, String reason, String message) {
        Condition verdict = new Condition(RESOURCES_AVAILABLE, status, reason, message, progress.changedAt());
        return all(verdict.as(CONTAINER_HEALTHY), verdict);
    }

    private static List<Condition> all(Condition container, Condition resources) {
        Condition worst =
                resources.status() == Status.FALSE || container.status() == Status.TRUE ? resources : container;
        return List.of(worst.as(READY), container, resources);
    }

    /** {@code NotListening} for E1203, from the code's own name; {@code Failed} for a code of a newer node. */
    private static String reason(Problem problem) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.code().equals(problem.code()))
                .map(code -> camelCase(code.name()))
                .findFirst()
                .orElse("Failed");
    }

    private static String message(Problem problem) {
        List<String> lines = new ArrayList<>();
        lines.add(problem.code() + ": " + problem.detail());
        lines.addAll(problem.evidence());
        if (problem.hint() != null) {
            lines.add(problem.hint());
        }
        return String.join("\n", lines);
    }

    private static String camelCase(String constant) {
        return Arrays.stream(constant.split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
