package dev.wisp.cli.invoke;

import dev.wisp.cli.http.Endpoint;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a call goes and which host it names. Names below {@code localhost} often do not resolve, so the connection goes to where the
 * platform is and the Host header says which service is meant.
 *
 * @param host value of the Host header
 */
record Gateway(Endpoint endpoint, String host) {

    /**
     * Of a service's URL.
     *
     * @param platformHost where the API is
     * @param override endpoint given by the user, null for none
     */
    static Gateway of(String serviceUrl, String platformHost, @Nullable Endpoint override) {
        Endpoint service = Endpoint.parse(serviceUrl);
        if (override != null) {
            return new Gateway(override, service.authority());
        }
        boolean local = service.host().equals("localhost") || service.host().endsWith(".localhost");
        Endpoint endpoint = local ? new Endpoint(service.tls(), platformHost, service.port()) : service;
        return new Gateway(endpoint, service.authority());
    }

    /** What the URL of a service is unless the platform was told otherwise. */
    static String usualUrl(String namespace, String name) {
        return URI.create("http://%s.%s.localhost:8080".formatted(name, namespace))
                .toString();
    }
}
