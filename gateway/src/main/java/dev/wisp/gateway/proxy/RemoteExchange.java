package dev.wisp.gateway.proxy;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.WispHeaders;
import dev.wisp.contracts.invocation.Outcome;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way over a node on another host. The body is sent only after the node said {@code 100 Continue}, so that a refusal
 * leaves the request whole and it can go to another instance; once the body flows, failure is final unless the node hands a repeatable
 * request back. A node that breaks off itself has the call in its journal: that request is not repeated.
 */
final class RemoteExchange {

    private static final long CANCEL = 8;
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "transfer-encoding",
            "te",
            "upgrade",
            "http2-settings",
            "host",
            "expect",
            "trailer",
            NodeWire.FAILED);

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final HttpClientRequest toNode;
    private final Dispatch dispatch;
    private final Funds funds;
    private final Promise<ProxyOutcome> outcome;
    private boolean sent;
    private Future<Void> sending = Future.succeededFuture();

    RemoteExchange(
            HttpServerRequest request,
            HttpClientRequest toNode,
            Dispatch dispatch,
            Funds funds,
            Promise<ProxyOutcome> outcome) {
        this.request = request;
        this.response = request.response();
        this.toNode = toNode;
        this.dispatch = dispatch;
        this.funds = funds;
        this.outcome = outcome;
    }

    void begin() {
        if (response.closed()) {
            toNode.reset(CANCEL);
            outcome.tryComplete(new ProxyOutcome.Done(0, Outcome.CLIENT_GONE, 0));
            return;
        }
        copyHead();
        response.closeHandler(closed -> callerGone());
        toNode.response().onSuccess(this::answered).onFailure(this::failed);
        if (hasBody()) {
            toNode.putHeader(HttpHeaders.EXPECT, HttpHeaders.CONTINUE);
            toNode.continueHandler(ignored -> sendBody());
            toNode.sendHead();
        } else {
            sent = true;
            request.resume();
            toNode.end();
        }
    }

    private void copyHead() {
        String nominated = request.getHeader(HttpHeaders.CONNECTION);
        copy(request.headers(), toNode.headers(), nominated);
        HostAndPort authority = request.authority();
        if (authority != null) {
            toNode.authority(authority);
        }
        toNode.putHeader(
                NodeWire.DISPATCH, Base64.getUrlEncoder().withoutPadding().encodeToString(WireJson.write(dispatch)));
    }

    private boolean hasBody() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return !length.equals("0");
        }
        return request.version() == HttpVersion.HTTP_2
                ? !isBodyless(request.method().name())
                : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    private static boolean isBodyless(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "DELETE", "TRACE" -> true;
            default -> false;
        };
    }

    private void sendBody() {
        sent = true;
        sending = request.pipeTo(toNode).onFailure(failure -> toNode.reset(CANCEL));
    }

    /** One that broke off may have it while the body still comes in, which is short: only then nobody reads the request any more. */
    private void handedBack(ProxyOutcome back) {
        if (back instanceof ProxyOutcome.Broken) {
            sending.onComplete(read -> release(back));
        } else {
            toNode.reset(CANCEL);
            release(back);
        }
    }

    private void answered(HttpClientResponse answer) {
        String refusal = answer.getHeader(NodeWire.REFUSED);
        if (answer.statusCode() == NodeWire.REFUSED_STATUS && refusal != null) {
            answer.resume();
            handedBack(NodeWire.handedBack(answer.getHeader(NodeWire.WHY), refusal));
            return;
        }
        response.setStatusCode(answer.statusCode());
        copy(answer.headers(), response.headers(), answer.getHeader(HttpHeaders.CONNECTION));
        if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH) && request.version() == HttpVersion.HTTP_1_1) {
            response.setChunked(true);
        }
        answer.pipe()
                .endOnSuccess(false)
                .to(new PaidStream(response, funds, this::unpaid))
                .onSuccess(piped -> end(answer))
                .onFailure(this::failed);
    }

    /** The node learns of it by the reset, and bills what it sent. */
    private void unpaid() {
        toNode.reset(CANCEL);
        response.reset(CANCEL);
        outcome.tryComplete(new ProxyOutcome.Done(response.getStatusCode(), Outcome.CLIENT_GONE));
    }

    private void end(HttpClientResponse answer) {
        copy(answer.trailers(), response.trailers(), null);
        int status = answer.statusCode();
        long costPicos = NodeWire.costPicos(answer.getTrailer(WispHeaders.COST), answer.getHeader(WispHeaders.COST));
        boolean failed = answer.headers().contains(NodeWire.FAILED);
        Outcome result = status < 500 ? Outcome.SUCCESS : Outcome.ERROR;
        response.end()
                .onComplete(ended -> outcome.tryComplete(new ProxyOutcome.Done(status, result, costPicos, failed)));
    }

    private void release(ProxyOutcome back) {
        response.closeHandler(null);
        outcome.tryComplete(back);
    }

    private void failed(Throwable failure) {
        if (!sent && !response.headWritten()) {
            release(new ProxyOutcome.Refused("the node broke off before it took the request: " + failure.getMessage()));
        } else if (response.headWritten()) {
            response.reset(CANCEL);
            outcome.tryComplete(new ProxyOutcome.Done(response.getStatusCode(), Outcome.PLATFORM_ERROR));
        } else if (dispatch.repeatable() && !(failure instanceof TimeoutException)) {
            handedBack(new ProxyOutcome.Broken("the node broke off: " + failure.getMessage()));
        } else {
            outcome.tryFail(failure);
        }
    }

    private void callerGone() {
        toNode.reset(CANCEL);
        outcome.tryComplete(new ProxyOutcome.Done(0, Outcome.CLIENT_GONE));
    }

    private static void copy(MultiMap from, MultiMap to, @Nullable String nominated) {
        for (Map.Entry<String, String> field : from) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name) && !isNominated(name, nominated)) {
                to.add(field.getKey(), field.getValue());
            }
        }
    }

    /** Whether {@code Connection} names the field, which makes it one of this hop alone. */
    private static boolean isNominated(String name, @Nullable String nominated) {
        if (nominated == null) {
            return false;
        }
        for (String token : nominated.split(",", -1)) {
            if (token.strip().equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
