package dev.wisp.standalone;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Gives metrics as OpenMetrics to a scraper that names it first, as Prometheus does. Quarkus' own handler answers in the text format, which
 * has no exemplars, whenever that is accepted at all, and with 406 when only OpenMetrics without a version is.
 */
@Singleton
@SuppressWarnings("deprecation") // Quarkus has no other registry of Prometheus'.
final class OpenMetrics {

    private static final String TYPE = "application/openmetrics-text";
    private static final int BEFORE_QUARKUS = -1;

    private static final Pattern NOT_OF_A_BUCKET = Pattern.compile(
            "(?m)^((?!\\w+_bucket\\b).+) # \\{span_id=\"[0-9a-f]+\",trace_id=\"[0-9a-f]+\"} \\S+(?: \\S+)?$");

    private final PrometheusMeterRegistry registry;

    OpenMetrics(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    void register(
            @Observes Router router, @ConfigProperty(name = "quarkus.micrometer.export.prometheus.path") String path) {
        router.get(path).order(BEFORE_QUARKUS).handler(this::handle);
    }

    private void handle(RoutingContext context) {
        if (!isPreferred(context.request().getHeader(HttpHeaders.ACCEPT))) {
            context.next();
            return;
        }
        context.vertx()
                .executeBlocking(this::text, false)
                .onSuccess(text -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, TextFormat.CONTENT_TYPE_OPENMETRICS_100)
                        .end(text))
                .onFailure(context::fail);
    }

    /** The library writes a histogram's last exemplar behind its count, too, where Prometheus refuses it and with it the whole answer. */
    private String text() {
        return NOT_OF_A_BUCKET
                .matcher(registry.scrape(TextFormat.CONTENT_TYPE_OPENMETRICS_100))
                .replaceAll("$1");
    }

    private static boolean isPreferred(@Nullable String accepted) {
        return accepted != null && accepted.strip().startsWith(TYPE);
    }
}
