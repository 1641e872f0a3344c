package dev.wisp.controller.store;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Runs work in a transaction of its own, from any thread, for a bounded time. What the database does wrong becomes E1805; what the
 * work itself decides ({@link ProblemException}) and plain bugs pass as they are. Thread-safe.
 */
@Singleton
final class Transactions {

    /** Work that the database does not answer cannot be taken back, only waited for: so much of it and no more. */
    private static final int UNANSWERED_MAX = 200;

    private final Mutiny.SessionFactory sessions;
    private final Vertx vertx;
    private final ControllerMeters meters;
    private final AtomicInteger unanswered = new AtomicInteger();

    Transactions(Mutiny.SessionFactory sessions, Vertx vertx, ControllerMeters meters) {
        this.sessions = sessions;
        this.vertx = vertx;
        this.meters = meters;
        meters.underWay(unanswered::get);
    }

    <T> Uni<T> run(Duration atMost, Function<Mutiny.Session, Uni<T>> work) {
        return run(ControllerMeters.Work.SERVICES, atMost, work);
    }

    <T> Uni<T> run(ControllerMeters.Work of, Duration atMost, Function<Mutiny.Session, Uni<T>> work) {
        return meters.transaction(of, () -> attempt(atMost, work));
    }

    private <T> Uni<T> attempt(Duration atMost, Function<Mutiny.Session, Uni<T>> work) {
        return onEventLoop(() -> bounded(() -> sessions.withTransaction(work)))
                .ifNoItem()
                .after(atMost)
                .fail()
                .onFailure(Transactions::isOfTheDatabase)
                .transform(failure -> unavailable(failure, atMost));
    }

    /** Hibernate Reactive binds a session to the event loop that opened it, so each piece of work gets a context of its own. */
    private <T> Uni<T> onEventLoop(Supplier<Uni<T>> work) {
        return Uni.createFrom().emitter(emitter -> {
            Context root = vertx.getOrCreateContext();
            Context context = Objects.requireNonNull(VertxContext.createNewDuplicatedContext(root), "duplicate");
            VertxContextSafetyToggle.setContextSafe(context, true);
            context.runOnContext(on -> work.get().subscribe().with(emitter::complete, emitter::fail));
        });
    }

    private <T> Uni<T> bounded(Supplier<Uni<T>> work) {
        if (unanswered.incrementAndGet() > UNANSWERED_MAX) {
            unanswered.decrementAndGet();
            return Uni.createFrom()
                    .failure(new IllegalStateException(
                            "%d uses of the database are unanswered".formatted(UNANSWERED_MAX)));
        }
        return Uni.createFrom().deferred(work::get).onTermination().invoke(unanswered::decrementAndGet);
    }

    private static boolean isOfTheDatabase(Throwable failure) {
        return !(failure instanceof ProblemException
                || failure instanceof NullPointerException
                || failure instanceof ClassCastException
                || failure instanceof IllegalArgumentException
                || failure instanceof IndexOutOfBoundsException);
    }

    /** Work that took too long is not taken back, so that nobody knows whether it was done. */
    private static ProblemException unavailable(Throwable cause, Duration atMost) {
        if (cause instanceof TimeoutException) {
            return new ProblemException(
                    Problem.of(
                                    ErrorCode.STORE_UNAVAILABLE,
                                    "the store in Postgres did not answer within %d ms".formatted(atMost.toMillis()))
                            .withHint(
                                    "services that are deployed keep running; a change may have been stored all the same:"
                                            + " repeat it as it is, what is stored already is not changed twice, and a create"
                                            + " that is then answered E1804 was stored"),
                    cause);
        }
        String evidence = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new ProblemException(
                Problem.of(ErrorCode.STORE_UNAVAILABLE, "the store in Postgres does not answer")
                        .withEvidence(List.of(cause.getClass().getSimpleName() + ": " + evidence))
                        .withHint("services that are deployed keep running; try again when Postgres is back"),
                cause);
    }
}
