package dev.wisp.billing.console;

import dev.wisp.billing.usage.ServiceName;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code POST /v1/console/calls}: sends a request to a service through the gateway and says all that came back. A page cannot do that
 * itself: the gateway is another origin, and browsers hide most headers of those. Only services with a route can be called, so that this
 * address reaches nothing that the gateway would not; its body is JSON, which no other site's form can send.
 */
@Path("/v1/console/calls")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class TestCallsResource {

    private static final int AT_ONCE_MAX = 16;

    private final FleetWatch watch;
    private final TestCaller caller;
    private final AtomicInteger running = new AtomicInteger();

    TestCallsResource(FleetWatch watch, Vertx vertx, ConsoleConfig config) {
        this.watch = watch;
        this.caller = new TestCaller(vertx, config.gatewayHost(), config.gatewayPort());
    }

    @POST
    public Uni<TestCall.Answer> call(TestCall call) {
        String refusal = TestCallPolicy.refusal(call);
        if (refusal != null) {
            throw new ProblemException(Problem.of(ErrorCode.INVALID, refusal));
        }
        String host = host(new ServiceName(String.valueOf(call.namespace()), String.valueOf(call.service())));
        if (running.incrementAndGet() > AT_ONCE_MAX) {
            running.decrementAndGet();
            throw new ProblemException(Problem.of(
                            ErrorCode.BILLING_UNAVAILABLE, "%d calls of the console already run".formatted(AT_ONCE_MAX))
                    .withHint("call the service itself, or wait until some of them have ended"));
        }
        return caller.send(host, call).onTermination().invoke(running::decrementAndGet);
    }

    private String host(ServiceName name) {
        return watch.fleet().services().stream()
                .filter(service -> service.name().equals(name))
                .map(Fleet.DeployedService::host)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        Problem.of(ErrorCode.NOT_FOUND, "no route to %s/%s".formatted(name.namespace(), name.name()))));
    }
}
