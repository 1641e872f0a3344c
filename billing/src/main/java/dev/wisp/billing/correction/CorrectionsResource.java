package dev.wisp.billing.correction;

import dev.wisp.billing.ledger.Corrections;
import dev.wisp.billing.usage.LedgerJobs;
import dev.wisp.contracts.price.Money;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /v1/billing/corrections}: those that were filed, and a new one. */
@Path("/v1/billing/corrections")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class CorrectionsResource {

    private static final int SHOWN_MAX = 1_000;
    private static final int REASON_CHARACTERS_MAX = 500;

    private static final String LIST = """
            SELECT number, filed_at, invocation_id, namespace, service, cost_picos, reason FROM billing.correction
            ORDER BY number DESC LIMIT %d
            """.formatted(SHOWN_MAX);

    private final LedgerJobs jobs;
    private final InstantSource clock = InstantSource.system();

    /** What is to be taken back, and why. */
    public record Draft(
            @Nullable String invocationId, @Nullable String reason) {}

    /** A correction as it stands in the ledger. */
    public record View(
            long number,
            Instant filedAt,
            UUID invocationId,
            String namespace,
            String service,
            String cost,
            String reason) {}

    CorrectionsResource(LedgerJobs jobs) {
        this.jobs = jobs;
    }

    @GET
    public Uni<List<View>> list() {
        return jobs.write(connection -> views(connection, 0));
    }

    @POST
    public Uni<View> file(Draft draft) {
        UUID id = id(draft.invocationId());
        String reason = reason(draft.reason());
        return jobs.write(connection -> {
            long number = Corrections.file(connection, id, reason, clock.instant());
            if (number == 0) {
                throw new ProblemException(Problem.of(
                        ErrorCode.CONFLICT, "no record of invocation %s, or it was taken back before".formatted(id)));
            }
            return views(connection, number).getFirst();
        });
    }

    private static UUID id(@Nullable String text) {
        try {
            return UUID.fromString(String.valueOf(text));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("/invocationId", "must be a UUID, as in the header X-Invocation-Id");
        }
    }

    private static String reason(@Nullable String text) {
        if (text == null || text.isBlank() || text.length() > REASON_CHARACTERS_MAX || text.indexOf('\0') >= 0) {
            throw ProblemException.invalid("/reason", "must be 1..%d characters".formatted(REASON_CHARACTERS_MAX));
        }
        return text;
    }

    /** All, or the one with this number, which is the newest. */
    private static List<View> views(Connection connection, long only) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LIST);
                ResultSet row = select.executeQuery()) {
            List<View> views = new ArrayList<>();
            while (row.next()) {
                if (only == 0 || row.getLong(1) == only) {
                    views.add(view(row));
                }
            }
            return views;
        }
    }

    private static View view(ResultSet row) throws SQLException {
        return new View(
                row.getLong(1),
                row.getObject(2, OffsetDateTime.class).toInstant(),
                row.getObject(3, UUID.class),
                row.getString(4),
                row.getString(5),
                Money.decimal(row.getLong(6)),
                row.getString(7));
    }
}
