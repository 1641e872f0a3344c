package dev.wisp.cli.http;

import java.net.URI;

/** Where to connect to: scheme, host and port of a URL. */
public record Endpoint(boolean tls, String host, int port) {

    /** Reads {@code http://host[:port]}; throws {@link IllegalArgumentException} saying what is wrong with it. */
    public static Endpoint parse(String url) {
        URI uri = URI.create(url);
        boolean tls = "https".equals(uri.getScheme());
        if ((!tls && !"http".equals(uri.getScheme())) || uri.getHost() == null) {
            throw new IllegalArgumentException("'%s' is not a URL like http://127.0.0.1:8081".formatted(url));
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        return new Endpoint(tls, uri.getHost(), port);
    }

    /** As the Host header names it: without the port the scheme implies. */
    public String authority() {
        return port == (tls ? 443 : 80) ? host : host + ":" + port;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority();
    }
}
