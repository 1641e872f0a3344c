package dev.wisp.billing.usage;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/** Runs questions to the ledger, each bounded in time; a store that is away or slow becomes a problem that says so. */
@Singleton
public final class LedgerReader {

    /** Answers within two seconds, whatever the store does. */
    private static final Duration WAIT_MAX = Duration.ofMillis(1_800);

    private final Mutiny.SessionFactory sessions;
    private final MeterRegistry metrics;
    private final Timer answered;
    private final Timer failed;

    LedgerReader(Mutiny.SessionFactory sessions, MeterRegistry metrics) {
        this.sessions = sessions;
        this.metrics = metrics;
        this.answered = timer("answered");
        this.failed = timer("failed");
    }

    /** Fails with a {@link ProblemException} E1701 when the store does not answer. */
    <T> Uni<T> read(Function<Mutiny.Session, Uni<T>> question) {
        return Uni.createFrom().deferred(() -> timed(question));
    }

    private <T> Uni<T> timed(Function<Mutiny.Session, Uni<T>> question) {
        Timer.Sample sample = Timer.start(metrics);
        return Uni.createFrom()
                .deferred(() -> sessions.withSession(question))
                .ifNoItem()
                .after(WAIT_MAX)
                .fail()
                .onItemOrFailure()
                .invoke((answer, failure) ->
                        sample.stop(failure != null && StoreFailure.isUnavailable(failure) ? failed : answered))
                .onFailure(StoreFailure::isUnavailable)
                .transform(LedgerReader::unavailable);
    }

    private Timer timer(String result) {
        return Timer.builder("wisp.billing.question")
                .description("Questions to the ledger, with their wait for a connection")
                .tag("result", result)
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2))
                .register(metrics);
    }

    static ProblemException unavailable(Throwable cause) {
        return new ProblemException(
                Problem.of(
                                ErrorCode.BILLING_UNAVAILABLE,
                                "the billing store did not answer: %s".formatted(StoreFailure.reason(cause)))
                        .withHint("invocations go on and are metered; ask again when the database is back"),
                cause);
    }
}
