package dev.wisp.gateway.proxy;

import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.contracts.dataplane.PlainField;
import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.admission.Desks;
import dev.wisp.gateway.admission.Exchange;
import dev.wisp.gateway.admission.RevisionDesk;
import dev.wisp.gateway.repeat.RepeatPolicy;
import dev.wisp.gateway.routing.HostName;
import io.netty.channel.Channel;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the gates of one event loop need: bounds, routes, desks, ids and books. The counterpart of {@link RequestEntry}. */
final class PlainEntry {

    private final ServerSettings settings;
    private final ConnectionBook connections;
    private final HttpCaller.Port port;
    private final RequestEntry.Sources sources;
    private final Desks desks;

    /** The host of the request before, which nearly always is this one's too: its name need not be made again. */
    private String lastAuthority = "";

    private @Nullable String lastHost;

    PlainEntry(
            ServerSettings settings,
            ConnectionBook connections,
            HttpCaller.Port port,
            RequestEntry.Sources sources,
            Desks desks) {
        this.settings = settings;
        this.connections = connections;
        this.port = port;
        this.sources = sources;
        this.desks = desks;
    }

    boolean isWithinBounds(PlainHead head) {
        return head.fields() <= settings.headersMax()
                && head.length() <= settings.headBytesMax()
                && head.lineLength() <= settings.requestLineBytesMax();
    }

    /** Null when the connection is closed at once: there are too many, or this gateway stops. */
    ConnectionBook.@Nullable Entry opened(Channel channel) {
        if (sources.draining().getAsBoolean()) {
            channel.close();
            return null;
        }
        return connections.opened(channel, nanos());
    }

    /** The desk that takes the request, null when it is for {@link RequestEntry} to say what becomes of it. */
    @Nullable
    RevisionDesk find(PlainHead head) {
        String host = host(head);
        if (host == null || sources.draining().getAsBoolean()) {
            return null;
        }
        Route route = sources.view().get().routes().get(host);
        RevisionId revision = route == null ? null : sources.choose(route);
        if (revision == null) {
            return null;
        }
        RevisionDesk desk = desks.desk(revision);
        return desk.isOn(port.loop()) ? desk : null;
    }

    UUID newId() {
        return sources.ids().get();
    }

    Exchange exchange(PlainGate gate, PlainHead head) {
        long heldBytes = (long) RequestEntry.REQUEST_BYTES
                + head.length()
                + (head.contentLength() > 0 ? RequestEntry.UNREAD_BODY_BYTES : 0);
        return new Exchange(gate.id(), gate, sources.wallMicros(), gate.arrivedNanos(), heldBytes);
    }

    /** Looks for a mark only where the method says nothing. */
    static RepeatPolicy.Claim claim(PlainHead head) {
        RepeatPolicy.Claim byMethod = RepeatPolicy.claim(head.method(), false);
        return byMethod == RepeatPolicy.Claim.NONE && head.has(PlainField.IDEMPOTENCY_KEY)
                ? RepeatPolicy.Claim.MARKED
                : byMethod;
    }

    void began(ConnectionBook.Entry connection) {
        connection.requestBegan();
        port.metrics().requestBegan();
    }

    void ended(
            ConnectionBook.Entry connection, String method, int status, long arrivedNanos, @Nullable CallTrace trace) {
        long now = nanos();
        connection.requestEnded(now);
        port.metrics().requestEnded(method, status, now - arrivedNanos, trace);
    }

    long nanos() {
        return port.nanoClock().getAsLong();
    }

    private @Nullable String host(PlainHead head) {
        if (!head.isHost(lastAuthority)) {
            lastAuthority = head.host();
            lastHost = HostName.normalise(lastAuthority);
        }
        return lastHost;
    }
}
