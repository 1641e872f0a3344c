package dev.wisp.billing.export;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/billing/exports/ledger.txt?namespace=}: what a namespace's owner needs to check the ledger; one at a time. */
@Path("/v1/billing/exports/ledger.txt")
@Produces("text/plain;charset=utf-8")
public class LedgerExportResource {

    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    private final DataSource dataSource;
    private final AtomicBoolean running = new AtomicBoolean();

    LedgerExportResource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** An export that breaks off has no last line, which the verifier notices. */
    @GET
    @Blocking
    public StreamingOutput export(@RestQuery @Nullable String namespace) {
        if (namespace == null || !namespace.matches(LABEL)) {
            throw new ProblemException(Problem.of(ErrorCode.INVALID, "namespace must be the name of one"));
        }
        if (!running.compareAndSet(false, true)) {
            throw new ProblemException(Problem.of(ErrorCode.CONFLICT, "an export of the ledger is under way")
                    .withHint("ask again when it has ended"));
        }
        return stream -> {
            try {
                LedgerExport.write(dataSource, namespace, stream);
            } catch (SQLException e) {
                throw new IOException("reading the ledger", e);
            } finally {
                running.set(false);
            }
        };
    }
}
