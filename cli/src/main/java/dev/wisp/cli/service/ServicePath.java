package dev.wisp.cli.service;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Paths of the API that name services. */
public final class ServicePath {

    private ServicePath() {}

    static String all(String namespace) {
        return "/apis/serving.knative.dev/v1/namespaces/" + escape(namespace) + "/services";
    }

    public static String one(String namespace, String name) {
        return all(namespace) + "/" + escape(name);
    }

    static String progress(String namespace, String name) {
        return own(namespace, name) + "/progress";
    }

    public static String logs(String namespace, String name) {
        return own(namespace, name) + "/logs";
    }

    public static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String own(String namespace, String name) {
        return "/v1/namespaces/" + escape(namespace) + "/services/" + escape(name);
    }
}
