package dev.wisp.billing.usage;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;

/** {@code /v1/billing}: records of calls, and of the time of instances. */
@Path("/v1/billing")
@Produces(MediaType.APPLICATION_JSON)
public class BillingResource {

    private final RecordStore records;
    private final InstanceTimeStore times;

    BillingResource(RecordStore records, InstanceTimeStore times) {
        this.records = records;
        this.times = times;
    }

    @GET
    @Path("records")
    public Uni<RecordPage> records(@BeanParam RecordQuery.Parameters parameters) {
        RecordQuery query = RecordQuery.parse(parameters);
        return records.page(query).map(rows -> RecordPage.of(rows, query.limit()));
    }

    @GET
    @Path("instance-times")
    public Uni<InstanceTimePage> instanceTimes(@BeanParam RecordQuery.Parameters parameters) {
        RecordQuery query = RecordQuery.parse(parameters);
        return times.page(query).map(rows -> InstanceTimePage.of(rows, query.limit()));
    }

    @GET
    @Path("records/{invocationId}")
    public Uni<InvocationView> record(@RestPath String invocationId) {
        return records.find(id(invocationId)).map(rows -> one(rows, invocationId));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw InvalidParameter.of("invocationId", text, "must be a UUID, as in the header X-Invocation-Id");
        }
    }

    private static InvocationView one(List<LedgerInvocation> rows, String invocationId) {
        if (rows.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ErrorCode.NOT_FOUND, "no record of invocation %s".formatted(invocationId))
                            .withHint("a record is stored within about a second of its response"));
        }
        return InvocationView.of(rows.getFirst());
    }
}
