package dev.wisp.contracts.oci;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import dev.wisp.contracts.problem.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the registry library sends its requests through, one for each of its calls with the redirects that follow. Whatever a registry
 * makes the library do comes by here, so here hold the rules: where a registry may send us, how often, how much and how long we read,
 * who sees the token. A failure is always a {@link RegistryFault}, never the exception on which the library would try a weaker way.
 */
final class GuardedTransport extends HttpTransport {

    private static final int REDIRECTS_MAX = 5;
    private static final int ERROR_BYTES_MAX = 16 << 10;
    private static final int TOKEN_BYTES_MAX = 64 << 10;
    private static final int CHALLENGE_CHARS_MAX = 4096;
    private static final String BEARER = "Bearer ";

    private final RegistryClient client;
    private final URI registry;
    private final RegistryExchange exchange;
    private int requests;
    private boolean forToken;

    /** Of the first request; redirects within the registry keep it, though the library takes it off. */
    private @Nullable String authorization;

    GuardedTransport(RegistryClient client, URI registry, RegistryExchange exchange) {
        this.client = client;
        this.registry = registry;
        this.exchange = exchange;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) throws IOException {
        if (!method.equals("GET")) {
            throw new IllegalArgumentException("method=%s, only GET is sent".formatted(method));
        }
        URI target = requests++ == 0 ? first(uri(url)) : uri(url);
        if (requests > 1 + REDIRECTS_MAX) {
            throw RegistryFault.unusable("it redirected more than %d times".formatted(REDIRECTS_MAX), null);
        }
        Optional<String> refusal = RegistryClient.refusal(registry, target);
        if (refusal.isPresent()) {
            throw RegistryFault.unusable(
                    "it %s %s, which is not followed: %s"
                            .formatted(how(), OciParser.excerpt(String.valueOf(target.getHost())), refusal.get()),
                    null);
        }
        return new Request(target);
    }

    /** The library writes https into every URL it makes; what is meant is the exchange's target. */
    private URI first(URI uri) throws IOException {
        forToken = exchange.asksForToken(uri);
        return forToken ? uri : exchange.target();
    }

    private URI uri(String url) throws IOException {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw RegistryFault.unusable("it %s something that is no URL".formatted(how()), e);
        }
    }

    private String how() {
        return forToken && requests <= 1 ? "sends for a token to" : "redirects to";
    }

    private boolean atRegistry(URI target) {
        return RegistryClient.origin(target).equals(RegistryClient.origin(registry));
    }

    private LowLevelHttpResponse read(URI target, HttpResponse<InputStream> answer) throws IOException {
        int status = answer.statusCode();
        Duration streamLimit = exchange.streamLimit();
        if (status == 200 && !forToken && streamLimit != null) {
            exchange.answered(false, 200, new byte[0], null);
            return new GuardedAnswer(200, Map.of(), new DeadlineStream(answer.body(), streamLimit, exchange.what()));
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (status == 200) {
            return whole(status, headers, document(answer), null);
        }
        byte[] body = beginning(answer);
        if (status < 300) {
            throw RegistryFault.unusable("it answered with status %d for %s".formatted(status, exchange.what()), null);
        }
        if (status < 400) {
            headers.put("Location", location(target, answer));
        }
        return whole(status, headers, body, challenge(target, answer));
    }

    private LowLevelHttpResponse whole(
            int status, Map<String, String> headers, byte[] body, @Nullable String challenge) {
        exchange.answered(forToken, status, body, challenge);
        if (challenge != null) {
            headers.put("WWW-Authenticate", challenge);
        }
        return GuardedAnswer.whole(status, headers, body);
    }

    private byte[] document(HttpResponse<InputStream> answer) throws IOException {
        int bytesMax = forToken ? TOKEN_BYTES_MAX : OciParser.DOCUMENT_BYTES_MAX;
        String what = forToken ? "a token" : exchange.what();
        try (InputStream body = new DeadlineStream(answer.body(), client.answerTimeout(), what)) {
            byte[] bytes = body.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw new RegistryFault(
                        forToken ? ErrorCode.IMAGE_REGISTRY_UNREACHABLE : ErrorCode.IMAGE_INVALID,
                        "%s is larger than %d bytes".formatted(what, bytesMax));
            }
            return bytes;
        }
    }

    /** As much of a refusal as is worth reading. */
    private byte[] beginning(HttpResponse<InputStream> answer) {
        try (InputStream body = new DeadlineStream(answer.body(), client.answerTimeout(), "a refusal")) {
            return body.readNBytes(ERROR_BYTES_MAX);
        } catch (IOException e) {
            // The status says enough.
            return new byte[0];
        }
    }

    private static String location(URI target, HttpResponse<InputStream> answer) throws IOException {
        String location = answer.headers().firstValue("Location").orElse("");
        try {
            return target.resolve(location).toString();
        } catch (IllegalArgumentException e) {
            throw RegistryFault.unusable("it redirects to something that is no URL", e);
        }
    }

    /** How to get a token, when the registry itself asks for one; empty when it does not say or in another way. */
    private @Nullable String challenge(URI target, HttpResponse<InputStream> answer) {
        if (answer.statusCode() != 401 || forToken || !atRegistry(target)) {
            return null;
        }
        return answer.headers().allValues("WWW-Authenticate").stream()
                .filter(header -> header.length() <= CHALLENGE_CHARS_MAX)
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .findFirst()
                .orElse("");
    }

    /** One request of the library. Of its headers only those below are sent: none that lets an answer come compressed. */
    private final class Request extends LowLevelHttpRequest {

        private final URI target;
        private String accept = "*/*";

        Request(URI target) {
            this.target = target;
        }

        @Override
        public void addHeader(String name, String value) throws IOException {
            if (name.equalsIgnoreCase("Accept") && !value.isBlank()) {
                accept = value;
            } else if (name.equalsIgnoreCase("Authorization") && requests == 1) {
                authorization = visible(value);
            }
        }

        private String visible(String value) throws IOException {
            if (!value.startsWith(BEARER)
                    || !value.chars().skip(BEARER.length()).allMatch(c -> c > ' ' && c < 127)) {
                throw RegistryFault.unusable("its token service gave no token", null);
            }
            return value;
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            HttpRequest.Builder request = HttpRequest.newBuilder(target)
                    .timeout(client.answerTimeout())
                    .header("User-Agent", "wisp")
                    .header("Accept", accept);
            if (authorization != null && atRegistry(target)) {
                request.header("Authorization", authorization);
            }
            return read(target, client.send(request.build()));
        }
    }
}
