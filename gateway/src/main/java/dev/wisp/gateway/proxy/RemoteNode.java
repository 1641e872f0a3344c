package dev.wisp.gateway.proxy;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.StartInstance;
import dev.wisp.contracts.dataplane.StartOutcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;

/** A node on another host, over HTTP/2 in clear text between hosts that trust each other. */
final class RemoteNode implements NodePort {

    private static final long CONNECT_MILLIS_MAX = 1_000;

    /** A start may pull memory and run a slow runtime's boot; the node itself gives up earlier, at the revision's start timeout. */
    private static final long START_MILLIS_MAX = 300_000;

    /** How much longer than the revision's timeout the gateway waits, so that it is the node that says "timed out". */
    private static final long GRACE_MILLIS = 5_000;

    private static final int REPLY_BYTES_MAX = 64 << 10;

    private final HttpClient client;
    private final String nodeId;
    private final String address;
    private final UnreachableNodes unreachable;
    private final String host;
    private final int port;

    RemoteNode(HttpClient client, String nodeId, String address, UnreachableNodes unreachable) {
        this.client = client;
        this.nodeId = nodeId;
        this.address = address;
        this.unreachable = unreachable;
        int colon = address.lastIndexOf(':');
        this.host = colon < 0 ? address : bare(address.substring(0, colon));
        this.port = colon < 0 ? 0 : portOf(address.substring(colon + 1));
    }

    String address() {
        return address;
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public Future<StartOutcome> start(StartInstance command) {
        return connect(options(HttpMethod.POST, NodeWire.START_PATH, START_MILLIS_MAX))
                .compose(request -> request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .send(Buffer.buffer(WireJson.write(command))))
                .compose(RemoteNode::reply)
                .map(NodeWire.StartReply::toOutcome)
                .otherwise(failure -> new StartOutcome.Refused(
                        StartOutcome.Refusal.UNREACHABLE,
                        "node %s at %s: %s".formatted(nodeId, address, failure.getMessage())));
    }

    @Override
    public Future<ProxyOutcome> proxy(HttpServerRequest request, Dispatch dispatch, Funds funds) {
        Promise<ProxyOutcome> outcome = Promise.promise();
        connect(options(request.method(), request.uri(), dispatch.remainingMillis() + GRACE_MILLIS))
                .onSuccess(toNode -> new RemoteExchange(request, toNode, dispatch, funds, outcome).begin())
                .onFailure(failure -> outcome.complete(new ProxyOutcome.Refused(
                        "node %s at %s cannot be reached: %s".formatted(nodeId, address, failure.getMessage()))));
        return outcome.future();
    }

    private Future<HttpClientRequest> connect(RequestOptions options) {
        return client.request(options)
                .onSuccess(request -> unreachable.reached(nodeId))
                .onFailure(failure -> unreachable.failed(nodeId, failure));
    }

    private RequestOptions options(HttpMethod method, String uri, long idleMillisMax) {
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(port, host))
                .setHost(host)
                .setPort(port)
                .setMethod(method)
                .setURI(uri)
                .setConnectTimeout(CONNECT_MILLIS_MAX)
                .setIdleTimeout(idleMillisMax);
    }

    private static Future<NodeWire.StartReply> reply(HttpClientResponse response) {
        Promise<NodeWire.StartReply> reply = Promise.promise();
        Buffer body = Buffer.buffer();
        HttpClientRequest request = response.request();
        response.exceptionHandler(reply::tryFail);
        response.handler(chunk -> {
            if (body.length() + chunk.length() > REPLY_BYTES_MAX) {
                reply.tryFail("its reply is longer than %d bytes".formatted(REPLY_BYTES_MAX));
                request.reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(ended -> {
            if (response.statusCode() == 200) {
                reply.tryComplete(WireJson.read(body.getBytes(), NodeWire.StartReply.class));
            } else {
                reply.tryFail("it answered with status " + response.statusCode());
            }
        });
        return reply.future();
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int portOf(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
