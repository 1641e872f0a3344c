package dev.wisp.standalone;

import dev.wisp.contracts.dataplane.RequestMethod;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.mapping.URITemplate;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Times the requests of API and console under the names and labels that the gateway's have. Labels are bounded: a route is a template of
 * the code or empty, a method one of ten, a status what the code answers with; and beyond {@value #COMBINATIONS_MAX} of the three,
 * which none reaches, requests count without a route. Quarkus' own meters of HTTP servers would time the gateway's path, too.
 */
@Provider
@Singleton
final class ApiMeters implements ContainerRequestFilter {

    /** Of route, method and status together: there are about 90 routes, most with one method and two or three answers. */
    private static final int COMBINATIONS_MAX = 500;

    /** Before every other filter: what those answer themselves counts, too. */
    private static final int PRIORITY = 1_000;

    private static final String ROUTE = ApiMeters.class.getName();

    private final MeterRegistry registry;
    private final String port;
    private final Map<ApiRoute.Listener, AtomicInteger> active = new EnumMap<>(ApiRoute.Listener.class);
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    /** What a request is counted under. */
    private record Key(ApiRoute route, RequestMethod method, int status) {

        Key withoutRoute() {
            return new Key(new ApiRoute(route.listener(), ""), method, status);
        }
    }

    ApiMeters(MeterRegistry registry, @ConfigProperty(name = "quarkus.http.port") int port) {
        this.registry = registry;
        this.port = Integer.toString(port);
        for (ApiRoute.Listener listener : ApiRoute.Listener.values()) {
            AtomicInteger now = new AtomicInteger();
            active.put(listener, now);
            Gauge.builder("http.server.active.requests", now, AtomicInteger::get)
                    .tags(tags(listener))
                    .description("Requests that are not answered to the end yet")
                    .register(registry);
        }
    }

    void install(@Observes Filters filters) {
        filters.register(this::began, PRIORITY);
    }

    /** Runs when the resource is known; the request's end finds it. An annotated method would be given a context that does not say which resource it is. */
    @Override
    public void filter(ContainerRequestContext request) {
        if (request instanceof ResteasyReactiveContainerRequestContext known
                && known.getServerRequestContext() instanceof ResteasyReactiveRequestContext context) {
            RoutingContext routing = context.unwrap(RoutingContext.class);
            RuntimeResource resource = context.getTarget();
            if (routing != null && resource != null) {
                routing.put(ROUTE, ApiRoute.ofResource(text(resource.getClassPath()), text(resource.getPath())));
            }
        }
    }

    private void began(RoutingContext context) {
        Timer.Sample sample = Timer.start(registry);
        ApiRoute byPath = ApiRoute.ofPath(context.normalizedPath());
        AtomicInteger now = Objects.requireNonNull(active.get(byPath.listener()), "every listener has one");
        now.incrementAndGet();
        context.addEndHandler(ended -> {
            now.decrementAndGet();
            // Who goes away before there is an answer has had none, and none is counted.
            if (ended.succeeded() || context.response().headWritten()) {
                sample.stop(timer(context, byPath));
            }
        });
        context.next();
    }

    private Timer timer(RoutingContext context, ApiRoute byPath) {
        ApiRoute matched = context.get(ROUTE);
        Key key = new Key(
                matched == null ? byPath : matched,
                RequestMethod.of(context.request().method().name()),
                context.response().getStatusCode());
        Timer known = timers.get(key);
        if (known != null) {
            return known;
        }
        return timers.computeIfAbsent(timers.size() < COMBINATIONS_MAX ? key : key.withoutRoute(), this::timer);
    }

    /** Fewer bounds than the gateway has, eight of OpenTelemetry's fourteen: there is a histogram for each route. */
    private Timer timer(Key key) {
        return Timer.builder("http.server.request.duration")
                .description("From the request's head to the last byte of its answer")
                .tags(tags(key.route().listener()))
                .tag("http_request_method", key.method().label())
                .tag("http_route", key.route().template())
                .tag("http_response_status_code", Integer.toString(key.status()))
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(2_500),
                        Duration.ofSeconds(10))
                .register(registry);
    }

    private Tags tags(ApiRoute.Listener listener) {
        return Tags.of("listener", listener.name().toLowerCase(Locale.ROOT), "server.port", port, "url.scheme", "http");
    }

    private static String text(@Nullable URITemplate template) {
        return template == null ? "" : template.template;
    }
}
