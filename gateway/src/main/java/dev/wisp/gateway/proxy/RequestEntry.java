package dev.wisp.gateway.proxy;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.admission.Desks;
import dev.wisp.gateway.admission.Exchange;
import dev.wisp.gateway.admission.UnroutedRequests;
import dev.wisp.gateway.async.AsyncInvocations;
import dev.wisp.gateway.async.CallPass;
import dev.wisp.gateway.metric.GatewayMetrics.Throttle;
import dev.wisp.gateway.routing.HostName;
import dev.wisp.gateway.routing.PlatformView;
import dev.wisp.gateway.routing.RoutePolicy;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.net.HostAndPort;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Takes each request from its connection to the desk of its revision, or turns it away; one per event loop. */
final class RequestEntry implements Handler<HttpServerRequest> {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    /** What Vert.x and the system keep of a body that is not read: eight chunks of 8 KiB. */
    static final int UNREAD_BODY_BYTES = 64 << 10;

    /** Request, exchange and connection state. */
    static final int REQUEST_BYTES = 4 << 10;

    private final HeadScan scan;
    private final ConnectionBook connections;
    private final HttpCaller.Port port;
    private final Sources sources;
    private final Desks desks;
    private final UnroutedRequests unrouted;

    /**
     * Where what a request needs comes from.
     *
     * @param draining whether the gateway stops and takes nothing more
     * @param async null where calls are not stored
     */
    record Sources(
            Supplier<PlatformView> view,
            Supplier<UUID> ids,
            InstantSource clock,
            RandomGenerator random,
            BooleanSupplier draining,
            @Nullable AsyncInvocations async) {

        /** Microseconds since 1970 UTC. */
        long wallMicros() {
            Instant now = clock.instant();
            return now.getEpochSecond() * MICROS_PER_SECOND + now.getNano() / NANOS_PER_MICRO;
        }

        /** The revision that answers one request of this route, null when none is ready. */
        @Nullable
        RevisionId choose(Route route) {
            int roll = route.targets().size() < 2 ? 0 : random.nextInt(RoutePolicy.ROLL_BOUND);
            return RoutePolicy.choose(route, roll);
        }
    }

    RequestEntry(
            HeadScan scan,
            ConnectionBook connections,
            HttpCaller.Port port,
            Sources sources,
            Desks desks,
            UnroutedRequests unrouted) {
        this.scan = scan;
        this.connections = connections;
        this.port = port;
        this.sources = sources;
        this.desks = desks;
        this.unrouted = unrouted;
    }

    @Override
    public void handle(HttpServerRequest request) {
        ConnectionBook.Entry connection = connections.find(request.connection());
        if (connection == null || connection.isClosing()) {
            return;
        }
        request.pause();
        scan.read(request);
        PlainGate gate = connection.takeHandedOver();
        if (gate != null && scan.fault() == null) {
            gate.handedOver(new HttpCaller(request, gate.id(), connection, port, scan, gate.arrivedNanos()));
            return;
        }
        long arrivedNanos = port.nanoClock().getAsLong();
        CallPass.Own own = own();
        UUID id = own == null ? newId() : own.id();
        RequestTarget target = RequestTarget.ofAbsolute(request.uri());
        HttpServerRequest origin = target == null ? request : originForm(request, target);
        HttpCaller caller = new HttpCaller(origin, id, connection, port, scan, arrivedNanos);
        if (own != null) {
            caller.madeOfStored(own.attempt());
        }
        caller.began();
        Problem problem = problem();
        if (problem == null) {
            route(caller, origin, id, arrivedNanos, host(request, target));
        } else {
            caller.answer(problem, 0);
        }
    }

    /** Answers what the decoder could not make sense of, and closes: nobody knows where the next request would begin. */
    void handleInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        String detail = cause == null || cause.getMessage() == null ? "it cannot be read" : cause.getMessage();
        port.metrics().badRequest();
        Problem problem = Problem.of(ErrorCode.BAD_REQUEST, printable(detail));
        if (cause instanceof TooLongFrameException) {
            problem =
                    problem.withHint("the gateway's bounds are wisp.gateway.request-line-bytes-max and head-bytes-max");
        }
        // Vert.x closes the connection after the answer to what could not be decoded.
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        ProblemAnswer.write(
                port.vertx(),
                request,
                problem.withInstance(sources.ids().get().toString()),
                0,
                ProblemAnswer.Then.KEEP);
    }

    private @Nullable Problem problem() {
        if (sources.draining().getAsBoolean()) {
            port.metrics().throttled(Throttle.SHUTTING_DOWN);
            return Problem.of(ErrorCode.SHUTTING_DOWN, "this gateway finishes what it has and takes nothing more");
        }
        String fault = scan.fault();
        if (fault != null) {
            port.metrics().badRequest();
            return Problem.of(ErrorCode.BAD_REQUEST, fault);
        }
        return null;
    }

    /** What a call that the gateway makes in an absent caller's name has already; null for everybody else's. */
    private CallPass.@Nullable Own own() {
        AsyncInvocations async = sources.async();
        String pass = scan.callPass();
        return async == null || pass == null ? null : async.pass().own(pass);
    }

    private UUID newId() {
        AsyncInvocations async = sources.async();
        return async != null && scan.isAsync() ? async.newId() : sources.ids().get();
    }

    private void route(
            HttpCaller caller, HttpServerRequest request, UUID id, long arrivedNanos, @Nullable String authority) {
        String host = HostName.normalise(authority);
        if (host == null) {
            port.metrics().badRequest();
            caller.answer(Problem.of(ErrorCode.BAD_REQUEST, "the request names no valid host"), 0);
            return;
        }
        Route route = sources.view().get().routes().get(host);
        if (route == null) {
            caller.answer(noSuchHost(host), 0);
            return;
        }
        AsyncInvocations async = sources.async();
        if (async != null && request.uri().startsWith(AsyncInvocations.PATH)) {
            async.tell(request, route, caller);
        } else if (async != null && scan.isAsync()) {
            async.accept(request, route, id, caller, scan.expectsContinue());
        } else {
            admit(caller, route, id, arrivedNanos);
        }
    }

    private void admit(HttpCaller caller, Route route, UUID id, long arrivedNanos) {
        dispatch(route, new Exchange(id, caller, sources.wallMicros(), arrivedNanos, heldBytes()));
    }

    private void dispatch(Route route, Exchange exchange) {
        RevisionId revision = sources.choose(route);
        if (revision == null) {
            unrouted.hold(route.host(), exchange, notReady(route));
        } else {
            desks.desk(revision).admit(exchange);
        }
    }

    /** Requests that were held for want of a ready revision go where the route leads now; callable from any thread. */
    void routeChanged(Route route) {
        port.loop().execute(() -> unrouted.release(route.host(), exchange -> dispatch(route, exchange)));
    }

    private long heldBytes() {
        return (long) REQUEST_BYTES + scan.bytes() + (scan.hasBody() ? UNREAD_BODY_BYTES : 0);
    }

    private @Nullable String host(HttpServerRequest request, @Nullable RequestTarget target) {
        if (target != null) {
            return target.authority();
        }
        if (request.version() != HttpVersion.HTTP_2) {
            return scan.host();
        }
        HostAndPort authority = request.authority();
        return authority == null ? null : authority.host();
    }

    /** The authority in the target replaces the Host field, as RFC 9112 section 3.2.2 asks. */
    private static HttpServerRequest originForm(HttpServerRequest request, RequestTarget target) {
        request.headers().set(HttpHeaders.HOST, target.authority());
        return new OriginFormRequest((HttpServerRequestInternal) request, target.origin());
    }

    private static Problem noSuchHost(String host) {
        int dot = host.indexOf('.');
        String name = dot < 0 ? host : host.substring(0, dot);
        return Problem.of(ErrorCode.NO_SUCH_HOST, "no service answers at host %s".formatted(host))
                .withHint("wisp services list shows those there are; wisp deploy %s --image IMAGE makes one"
                        .formatted(name));
    }

    private static Problem notReady(Route route) {
        return Problem.of(
                        ErrorCode.NOT_READY,
                        "service %s in namespace %s has no revision that is ready"
                                .formatted(route.service(), route.namespace()))
                .withHint("wisp services describe %s says what its latest revision waits for or failed at"
                        .formatted(route.service()));
    }

    /** Bytes of a malformed request must not come back as they are. */
    private static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        for (int at = 0; at < Math.min(text.length(), 200); at++) {
            char letter = text.charAt(at);
            clean.append(letter >= ' ' && letter < 127 ? letter : '?');
        }
        return clean.toString();
    }
}
