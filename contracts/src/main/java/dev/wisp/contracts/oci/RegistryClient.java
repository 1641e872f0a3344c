package dev.wisp.contracts.oci;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads images from registries that speak the OCI distribution API, anonymously. Answers of registries are hostile input: every
 * document is bounded, every wait is timed, every blob is checked against its digest while it arrives, and where a registry may send
 * the client is {@link EgressPolicy}'s decision. Why no library: {@code docs/adr/0030-registry-client.md}. Thread-safe; calls block.
 */
public final class RegistryClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final Duration answerTimeout;

    /** {@code answerTimeout} bounds the wait for the head of each answer and for each small document. */
    public RegistryClient(Duration answerTimeout) {
        this.answerTimeout = answerTimeout;
        this.http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /**
     * One repository of one registry; keep it for the requests of one pull, since it remembers the token.
     *
     * @param repository {@code host[:port]/path}
     * @param insecure speak plain HTTP
     */
    public RegistryRepository repository(String repository, boolean insecure) {
        return new RegistryRepository(this, repository, insecure);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    Duration answerTimeout() {
        return answerTimeout;
    }

    /** Sends one request, follows nothing. The caller closes the body. */
    HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(
                    "interrupted while waiting for " + request.uri().getHost(), e);
        }
    }

    /** Why {@code target} must not be fetched on behalf of {@code registry}; empty when it may. Resolves names. */
    static Optional<String> refusal(URI registry, URI target) {
        if (target.getScheme() == null || target.getHost() == null || target.getRawUserInfo() != null) {
            return Optional.of("it is not an absolute http or https URL");
        }
        return EgressPolicy.refusal(
                origin(registry), reach(registry.getHost()), origin(target), reach(target.getHost()));
    }

    static EgressPolicy.Origin origin(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int standard = scheme.equals("https") ? 443 : 80;
        return new EgressPolicy.Origin(
                scheme, uri.getHost().toLowerCase(Locale.ROOT), uri.getPort() < 0 ? standard : uri.getPort());
    }

    /** The closest of a host's addresses; a name that does not resolve cannot be reached, so it counts as local. */
    private static EgressPolicy.Reach reach(String host) {
        try {
            EgressPolicy.Reach closest = EgressPolicy.Reach.PUBLIC;
            for (InetAddress address : InetAddress.getAllByName(host)) {
                EgressPolicy.Reach reach = EgressPolicy.reach(address.getAddress());
                closest = reach.compareTo(closest) < 0 ? reach : closest;
            }
            return closest;
        } catch (UnknownHostException e) {
            return EgressPolicy.Reach.LOCAL;
        }
    }
}
