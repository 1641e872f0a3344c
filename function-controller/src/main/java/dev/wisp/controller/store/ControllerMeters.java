package dev.wisp.controller.store;

import dev.wisp.contracts.problem.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What the controller measures of its work: changes that the API asked for, uses of the store, and how long revisions took until their
 * outcome. Every label is an enum. {@link PassDriver} times the work that recurs. Thread-safe.
 */
@Singleton
public final class ControllerMeters {

    private static final int SERVER_ERRORS = 500;

    private final MeterRegistry registry;

    /** What the API asked for. */
    public enum Change {
        CREATE,
        UPDATE,
        DELETE
    }

    /** Whose transaction it is. The outbox' own last until the broker has what they send. */
    enum Work {
        SERVICES,
        OUTBOX
    }

    /** Refused is what was asked for wrongly or came too late; failed is what is wrong here. */
    private enum Result {
        DONE,
        REFUSED,
        FAILED;

        static Result of(Throwable failure) {
            return failure instanceof ProblemException problem
                            && problem.problem().status() < SERVER_ERRORS
                    ? REFUSED
                    : FAILED;
        }
    }

    ControllerMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Times a change of a service from its being read to its being stored, its image's digest looked up. */
    public <T> Uni<T> deployment(Change change, Supplier<Uni<T>> work) {
        return timed(
                Timer.builder("wisp.controller.deployment")
                        .description("Changes of services that were asked for, until they were stored")
                        .tag("change", label(change)),
                work);
    }

    <T> Uni<T> transaction(Work of, Supplier<Uni<T>> work) {
        return timed(
                Timer.builder("wisp.controller.transaction")
                        .description("Transactions of the controller, with their wait for a connection")
                        .tag("work", label(of))
                        .serviceLevelObjectives(
                                Duration.ofMillis(5),
                                Duration.ofMillis(25),
                                Duration.ofMillis(100),
                                Duration.ofMillis(500),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(10)),
                work);
    }

    /** So many transactions are under way; those that wait for a connection, too. */
    void underWay(Supplier<Number> transactions) {
        Gauge.builder("wisp.controller.transactions", transactions)
                .description("Transactions of the controller that are under way or wait for a connection")
                .register(registry);
    }

    /** Revisions that have got an outcome: how long since nodes were told of them. */
    void settled(List<StoredRevision> revisions) {
        for (StoredRevision revision : revisions) {
            Timer.builder("wisp.controller.rollout")
                    .description("From telling nodes of a revision to its outcome")
                    .tag("outcome", label(revision.progress().state()))
                    .register(registry)
                    .record(Duration.between(
                            revision.publishedAt(), revision.progress().changedAt()));
        }
    }

    /** What is cancelled has no result and counts as none. */
    private <T> Uni<T> timed(Timer.Builder timer, Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            Timer.Sample sample = Timer.start(registry);
            return work.get()
                    .onItemOrFailure()
                    .invoke((item, failure) ->
                            sample.stop(timer.tag("result", label(failure == null ? Result.DONE : Result.of(failure)))
                                    .register(registry)));
        });
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
