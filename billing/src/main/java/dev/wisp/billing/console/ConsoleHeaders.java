package dev.wisp.billing.console;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** What browsers are told about the page's files: nothing from elsewhere, nothing inline, no framing, no guessing of types. */
@Singleton
class ConsoleHeaders {

    private static final String FOLDER = "/console";
    private static final int PRIORITY = 100;

    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " object-src 'none'; require-trusted-types-for 'script'";

    void install(@Observes Filters filters) {
        filters.register(ConsoleHeaders::filter, PRIORITY);
    }

    private static void filter(RoutingContext context) {
        String path = context.normalizedPath();
        if (path.equals(FOLDER)) {
            context.response()
                    .setStatusCode(308)
                    .putHeader("Location", FOLDER + "/")
                    .end();
            return;
        }
        if (path.startsWith(FOLDER + "/")) {
            context.addHeadersEndHandler(ended -> headers(context.response()));
        }
        context.next();
    }

    private static void headers(HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                // A day's cache would show yesterday's page after an upgrade; asking costs one 304.
                .putHeader("Cache-Control", "no-cache");
    }
}
