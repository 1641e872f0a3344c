package dev.wisp.billing.usage;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
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

    LedgerReader(Mutiny.SessionFactory sessions) {
        this.sessions = sessions;
    }

    /** Fails with a {@link ProblemException} E1701 when the store does not answer. */
    <T> Uni<T> read(Function<Mutiny.Session, Uni<T>> question) {
        return Uni.createFrom()
                .deferred(() -> sessions.withSession(question))
                .ifNoItem()
                .after(WAIT_MAX)
                .fail()
                .onFailure(StoreFailure::isUnavailable)
                .transform(LedgerReader::unavailable);
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
