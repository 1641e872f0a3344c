package dev.wisp.contracts.oci;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads images from registries that speak the OCI distribution API, anonymously. jib-core does the talking; answers of registries are
 * hostile input, so it does so through {@link GuardedTransport}: every document is bounded, every wait is timed, and where a registry
 * may send the client is {@link EgressPolicy}'s decision. Why in this way: {@code docs/adr/0034-registry-library.md}. Thread-safe; calls
 * block. A module that uses it brings jib-core and google-http-client, which for the other modules are not there.
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

    /** Sends one request, follows nothing; throws {@link RegistryFault}. The caller closes the body. */
    HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw RegistryFault.unusable(reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RegistryFault.unusable(
                    "interrupted while waiting for " + request.uri().getHost(), e);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof ConnectException) {
            boolean nameless = e.getCause() instanceof ConnectException cause
                    && cause.getCause() instanceof UnresolvedAddressException;
            return nameless ? "its name does not resolve" : "nothing answers there";
        }
        return OciParser.excerpt(String.valueOf(e.getMessage()));
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
