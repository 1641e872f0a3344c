package dev.wisp.gateway;

import dev.wisp.contracts.event.WebhookOrigins;
import dev.wisp.gateway.admission.HoldLimits;
import dev.wisp.gateway.admission.SendLimits;
import dev.wisp.gateway.async.AsyncSettings;
import dev.wisp.gateway.ejection.EjectionLimits;
import dev.wisp.gateway.proxy.ServerSettings;
import dev.wisp.gateway.repeat.RepeatLimits;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings of the gateway; every bound is here. */
@ConfigMapping(prefix = "wisp.gateway")
public interface GatewayConfig {

    /** Address to listen on. */
    @WithDefault("0.0.0.0")
    String host();

    /** Port to listen on; 0 lets the system choose. */
    @WithDefault("8080")
    int port();

    /** Event loops; with two on two cores the JVM's own threads make p99 jump. */
    @WithDefault("1")
    int eventLoops();

    /** Name of this gateway in demand reports, stable across restarts; by default made of host name and port. */
    Optional<String> id();

    /** Where the last known state is kept, so that a start without Kafka serves. */
    @WithDefault("${wisp.home:/var/lib/wisp}/gateway")
    Path stateDir();

    /** Longest request line, bytes. */
    @WithDefault("8192")
    int requestLineBytesMax();

    /** Most bytes of all header fields of a request. */
    @WithDefault("32768")
    int headBytesMax();

    /** Most header fields of a request. */
    @WithDefault("128")
    int headersMax();

    /** Open connections; more are closed as they come. */
    @WithDefault("20000")
    int connectionsMax();

    /** Longest time a connection without a request stays open. */
    @WithDefault("75s")
    Duration idleTimeout();

    /** Longest time from connecting to the end of the first request's head. */
    @WithDefault("10s")
    Duration headTimeout();

    /** Longest time to finish requests when stopping. */
    @WithDefault("10s")
    Duration drainTimeout();

    /** Requests that are held. */
    Queue queue();

    /** Bounds on held requests. */
    interface Queue {

        /** Requests held for one revision. */
        @WithDefault("10000")
        int depthMax();

        /** Requests held in all. */
        @WithDefault("20000")
        int totalMax();

        /** Estimated memory of all held requests, bytes. */
        @WithDefault("134217728")
        long bytesMax();

        /** Longest time a request is held; a shorter timeout of its revision comes first. */
        @WithDefault("60s")
        Duration waitMax();

        /**
         * Longest time a request is held whose service has no ready revision. A service says that it is ready a moment before every
         * gateway knows; 0 answers such requests at once.
         */
        @WithDefault("2s")
        Duration routeWait();

        /** Instances one request is offered to before the caller is told that all refused. */
        @WithDefault("100")
        int attemptsMax();
    }

    /** Calls that an instance broke off with. */
    Repeat repeat();

    /** Bounds on how many of them are sent to another instance. */
    interface Repeat {

        /** Repetitions for each hundred calls of the revision that were answered. */
        @WithDefault("20")
        int percent();

        /** Repetitions that may gather for a revision; 0 is none ever. */
        @WithDefault("20")
        int burst();

        /** Bodies that are kept in case they are sent again, bytes in all. */
        @WithDefault("16777216")
        long bytesMax();
    }

    /** Instances that no answer comes from. */
    Ejection ejection();

    /** When they are left alone. */
    interface Ejection {

        /** Calls in a row that may fail at an instance. */
        @WithDefault("5")
        int failuresMax();

        /** How long it is left alone the first time; doubled each further time. */
        @WithDefault("200ms")
        Duration base();

        /** The longest that it is left alone. */
        @WithDefault("30s")
        Duration longest();

        /** Share of a revision's instances that may be left alone for failed calls at once; 0 is none. */
        @WithDefault("50")
        int percentMax();
    }

    /** Calls that nobody waits for. */
    Async async();

    /** Bounds on calls that are stored and made later. */
    interface Async {

        /** Whether {@code Prefer: respond-async} is honoured; without, callers are answered as if they had not said it. */
        @WithDefault("true")
        boolean enabled();

        /** Longest body of a call that is stored, bytes; at most 700000, since it must fit a message of Kafka's. */
        @WithDefault("524288")
        int bodyBytesMax();

        /** Longest body of an answer that is kept, bytes; at most 700000. */
        @WithDefault("524288")
        int resultBytesMax();

        /** Calls that wait to be made. */
        @WithDefault("10000")
        int callsMax();

        /** Estimated memory of these, bytes. */
        @WithDefault("67108864")
        long callsBytesMax();

        /** Estimated memory of results that are kept, bytes; the oldest go first. */
        @WithDefault("67108864")
        long resultsBytesMax();

        /** Share of each of these that one account may take, per cent. */
        @WithDefault("25")
        int accountPercentMax();

        /** Stored calls that are made at once. */
        @WithDefault("64")
        int inFlightMax();

        /** The same of one service; one with bounded scale and concurrency has at most half of its slots taken by them. */
        @WithDefault("16")
        int serviceInFlightMax();

        /** How long a result is kept. */
        @WithDefault("1h")
        Duration resultTtl();

        /** Time until the first retry, of which half is drawn; doubled for each further one. */
        @WithDefault("1s")
        Duration backoffBase();

        /** Longest time until a retry. */
        @WithDefault("5m")
        Duration backoffMax();

        /** Where webhooks may go, such as {@code https://hooks.example.com}; the controller's list is the same. */
        @WithDefault("${wisp.async.webhook-origins:}")
        Optional<List<String>> webhookOrigins();

        /** Signs webhooks; at least 16 characters, needed with origins. */
        @WithDefault("${wisp.async.webhook-secret:}")
        Optional<String> webhookSecret();
    }

    /** As asynchronous invocation takes them, null when it is off. */
    default @Nullable AsyncSettings asyncSettings() {
        return async().enabled()
                ? new AsyncSettings(
                        async().bodyBytesMax(),
                        async().resultBytesMax(),
                        async().callsMax(),
                        async().callsBytesMax(),
                        async().resultsBytesMax(),
                        async().accountPercentMax(),
                        async().inFlightMax(),
                        async().serviceInFlightMax(),
                        async().resultTtl(),
                        async().backoffBase(),
                        async().backoffMax(),
                        new WebhookOrigins(Set.copyOf(async().webhookOrigins().orElse(List.of()))),
                        async().webhookSecret().orElse(""))
                : null;
    }

    /** As desks take them. */
    default SendLimits sending() {
        return new SendLimits(
                new RepeatLimits(repeat().percent(), repeat().burst(), repeat().bytesMax()),
                new EjectionLimits(
                        ejection().failuresMax(),
                        ejection().base(),
                        ejection().longest(),
                        ejection().percentMax()));
    }

    /** As the server takes them. */
    default ServerSettings server() {
        return new ServerSettings(
                host(),
                port(),
                eventLoops(),
                requestLineBytesMax(),
                headBytesMax(),
                headersMax(),
                connectionsMax(),
                idleTimeout(),
                headTimeout(),
                drainTimeout());
    }

    /** As admission takes them. */
    default HoldLimits limits() {
        return new HoldLimits(
                queue().depthMax(),
                queue().totalMax(),
                queue().bytesMax(),
                queue().waitMax().toMillis(),
                queue().attemptsMax(),
                queue().routeWait().toMillis());
    }
}
