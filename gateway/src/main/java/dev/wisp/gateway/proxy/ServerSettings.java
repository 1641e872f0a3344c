package dev.wisp.gateway.proxy;

import java.time.Duration;

/**
 * How the gateway listens.
 *
 * @param host address to listen on
 * @param port 0 lets the system choose
 * @param eventLoops loops that share the port
 * @param requestLineBytesMax longest request line
 * @param headBytesMax most bytes of all header fields of a request
 * @param headersMax most header fields of a request
 * @param connectionsMax open connections; more are closed as they come
 * @param idleTimeout longest time a connection without a request stays open
 * @param headTimeout longest time from connecting to the end of the first request's head
 * @param drainTimeout longest time to finish requests when stopping
 */
public record ServerSettings(
        String host,
        int port,
        int eventLoops,
        int requestLineBytesMax,
        int headBytesMax,
        int headersMax,
        int connectionsMax,
        Duration idleTimeout,
        Duration headTimeout,
        Duration drainTimeout) {

    public ServerSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("wisp.gateway.port=%d, must be 0..65535".formatted(port));
        }
        if (eventLoops < 1) {
            throw new IllegalArgumentException("wisp.gateway.event-loops=%d, must be > 0".formatted(eventLoops));
        }
        if (requestLineBytesMax < 256 || headBytesMax < 256 || headersMax < 1 || connectionsMax < 1) {
            throw new IllegalArgumentException(
                    "requestLineBytesMax=%d (>= 256), headBytesMax=%d (>= 256), headersMax=%d (>= 1), connectionsMax=%d (>= 1)"
                            .formatted(requestLineBytesMax, headBytesMax, headersMax, connectionsMax));
        }
    }
}
