package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.async.AsyncTarget;
import dev.wisp.contracts.async.Payload;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.admission.Caller;
import dev.wisp.gateway.routing.PlatformView;
import dev.wisp.gateway.routing.RoutePolicy;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes calls that nobody waits for: reads each whole, stores it, and only then says so. Called on event loops. */
final class AsyncFront {

    private static final Logger LOG = Logger.getLogger(AsyncFront.class);
    private static final long BODY_MILLIS_MAX = 30_000;

    private final Vertx vertx;
    private final Bus bus;
    private final CallBook book;
    private final AsyncSettings settings;
    private final AsyncMetrics metrics;
    private final Supplier<PlatformView> view;
    private final InstantSource clock;

    AsyncFront(
            Vertx vertx,
            Bus bus,
            CallBook book,
            AsyncSettings settings,
            AsyncMetrics metrics,
            Supplier<PlatformView> view,
            InstantSource clock) {
        this.vertx = vertx;
        this.bus = bus;
        this.book = book;
        this.settings = settings;
        this.metrics = metrics;
        this.view = view;
        this.clock = clock;
    }

    /** A request that is being read. */
    private final class Intake {

        private final HttpServerRequest request;
        private final Route route;
        private final UUID id;
        private final Caller caller;
        private final String account;
        private final AsyncSpec terms;
        private final Buffer body = Buffer.buffer();
        private boolean over;
        private long timer;

        Intake(HttpServerRequest request, Route route, UUID id, Caller caller) {
            this.request = request;
            this.route = route;
            this.id = id;
            this.caller = caller;
            RevisionSpec spec = spec(route);
            this.account = spec == null ? route.namespace() : spec.account();
            this.terms = spec == null ? AsyncSpec.DEFAULT : spec.async();
        }

        void begin(long bytes, boolean continueDue) {
            switch (book.reserve(new CallBook.Reservation(id.toString(), account, bytes), settings)) {
                case STORE -> read(continueDue);
                case ACCOUNT_FULL -> refuse(AsyncMetrics.Request.BACKLOG_FULL, Refusals.accountFull(account, settings));
                case FULL -> refuse(AsyncMetrics.Request.BACKLOG_FULL, Refusals.full(settings));
            }
        }

        private void read(boolean continueDue) {
            if (continueDue) {
                request.response().writeContinue();
            }
            timer = vertx.setTimer(BODY_MILLIS_MAX, due -> request.connection().close());
            request.exceptionHandler(gone -> drop());
            request.handler(this::chunk);
            request.endHandler(ended -> store());
            request.resume();
        }

        private void chunk(Buffer chunk) {
            if (over) {
                return;
            }
            if (body.length() + chunk.length() > settings.bodyBytesMax()) {
                finish();
                book.cancel(id.toString());
                refuse(AsyncMetrics.Request.TOO_LARGE, Refusals.tooLarge(settings));
            } else {
                body.appendBuffer(chunk);
            }
        }

        private void store() {
            if (!finish()) {
                return;
            }
            Context loop = vertx.getOrCreateContext();
            bus.publish(Topics.ASYNC, id.toString(), invocation())
                    .whenComplete((stored, failure) -> loop.runOnContext(ignored -> stored(failure)));
        }

        private void stored(@Nullable Throwable failure) {
            if (failure == null) {
                metrics.request(AsyncMetrics.Request.STORED);
                AsyncAnswer.accepted(request, id.toString());
                caller.over(AsyncAnswer.ACCEPTED);
            } else {
                LOG.debugf("call not stored: %s", failure);
                book.cancel(id.toString());
                refuse(AsyncMetrics.Request.UNAVAILABLE, Refusals.notStored());
            }
        }

        private void drop() {
            if (finish()) {
                book.cancel(id.toString());
                metrics.request(AsyncMetrics.Request.CALLER_GONE);
                caller.over(0);
            }
        }

        private void refuse(AsyncMetrics.Request reason, Problem problem) {
            metrics.request(reason);
            caller.answer(problem, 0);
        }

        /** Whether it was not over before. */
        private boolean finish() {
            vertx.cancelTimer(timer);
            boolean first = !over;
            over = true;
            return first;
        }

        private AsyncInvocation invocation() {
            Instant now = clock.instant();
            AsyncCall call = new AsyncCall(
                    new AsyncTarget(AsyncTarget.Kind.HOST, route.host()),
                    request.method().name(),
                    request.uri(),
                    StoredHead.of(request.headers()),
                    new Payload(body.getBytes()),
                    terms,
                    0,
                    0,
                    id.toString(),
                    now,
                    null);
            return new AsyncInvocation(id.toString(), route.namespace(), route.service(), account, now, call, null);
        }
    }

    /** Stores a request that is paused and answers it. */
    void accept(HttpServerRequest request, Route route, UUID id, Caller caller, boolean continueDue) {
        Intake intake = new Intake(request, route, id, caller);
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        long declared = length == null ? undeclared(request) : StoredHead.length(length);
        if (declared > settings.bodyBytesMax()) {
            intake.refuse(AsyncMetrics.Request.TOO_LARGE, Refusals.tooLarge(settings));
        } else {
            intake.begin(declared + headBytes(request), continueDue);
        }
    }

    /** A body without a length may be as long as bodies may be. */
    private long undeclared(HttpServerRequest request) {
        return request.isEnded() || !StoredHead.hasUndeclaredBody(request) ? 0 : settings.bodyBytesMax();
    }

    private static long headBytes(HttpServerRequest request) {
        long bytes = request.uri().length();
        for (Map.Entry<String, String> field : request.headers()) {
            bytes += field.getKey().length() + field.getValue().length();
        }
        return bytes;
    }

    /** What accepted calls are made by is settled when they are accepted, so that a later deploy does not change it. */
    private @Nullable RevisionSpec spec(Route route) {
        RevisionId revision = RoutePolicy.choose(route, 0);
        return revision == null ? null : view.get().revisions().get(revision.toString());
    }

    /** Says how a call of this service ended, or that it has not. */
    void tell(HttpServerRequest request, Route route, String id, Caller caller, boolean complete) {
        AsyncInvocation invocation = book.find(id);
        boolean its = invocation != null
                && invocation.namespace().equals(route.namespace())
                && invocation.service().equals(route.service());
        if (invocation != null && its) {
            Problem problem = AsyncAnswer.problem(invocation);
            if (problem == null) {
                caller.over(AsyncAnswer.tell(request, invocation, clock.instant()));
            } else {
                caller.answer(problem, 0);
            }
        } else if (book.isAccepted(id)) {
            request.resume();
            AsyncAnswer.accepted(request, id);
            caller.over(AsyncAnswer.ACCEPTED);
        } else {
            caller.answer(complete ? Refusals.noSuchCall(id, settings) : Refusals.notRead(), 0);
        }
    }
}
