package dev.wisp.gateway.proxy;

import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;

/** A request that came in absolute form, as nodes expect it: with path and query alone. */
final class OriginFormRequest extends HttpServerRequestWrapper {

    private final String uri;

    OriginFormRequest(HttpServerRequestInternal request, String uri) {
        super(request);
        this.uri = uri;
    }

    @Override
    public String uri() {
        return uri;
    }
}
