package dev.wisp.contracts.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One repository of one registry. Every failure is a {@link ProblemException} with E1101 (not there), E1102 (no usable answer), E1103
 * (an answer that is no image) or E1104 (a blob that is not what its digest says). Thread-safe; calls block.
 */
public final class RegistryRepository {

    private static final Pattern PATH = Pattern.compile("[a-z0-9]+(?:[._/-]+[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final int REDIRECTS_MAX = 5;
    private static final int ERROR_BYTES_MAX = 16 << 10;
    private static final int TOKEN_BYTES_MAX = 64 << 10;
    private static final int PIECE_BYTES = 64 << 10;

    private final RegistryClient client;
    private final String repository;
    private final String path;
    private final URI registry;

    /** Bearer token for {@link #registry} and no other host. */
    private volatile @Nullable String token;

    RegistryRepository(RegistryClient client, String repository, boolean insecure) {
        int slash = repository.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("repository=%s, must be host/path".formatted(repository));
        }
        this.client = client;
        this.repository = repository;
        this.path = repository.substring(slash + 1);
        this.registry = URI.create((insecure ? "http://" : "https://") + repository.substring(0, slash));
        if (registry.getHost() == null || !PATH.matcher(path).matches() || path.contains("..")) {
            throw new IllegalArgumentException("repository=%s, must be host[:port]/path".formatted(repository));
        }
    }

    /** The manifest or index under a tag. */
    public byte[] manifest(String tag) {
        if (!TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException("tag=%s, is not one".formatted(tag));
        }
        return small("manifests/" + tag, OciParser.DOCUMENT_BYTES_MAX);
    }

    /** The manifest or index with a digest, checked against it. */
    public byte[] manifest(Digest digest) {
        return checked(small("manifests/" + digest, OciParser.DOCUMENT_BYTES_MAX), digest);
    }

    /** A small blob, such as an image's configuration, checked against its digest. */
    public byte[] document(Descriptor blob) {
        return checked(small("blobs/" + blob.digest(), OciParser.DOCUMENT_BYTES_MAX), blob.digest());
    }

    /**
     * Copies a blob to {@code sink}, checking size and digest on the way; what was written is only good when this returns.
     *
     * @param limit longest time for the whole blob
     * @throws IOException when the sink failed; failures of the registry are {@link ProblemException}s
     */
    public void copyBlob(Descriptor blob, OutputStream sink, Duration limit) throws IOException {
        HttpResponse<InputStream> answer = get("blobs/" + blob.digest());
        try (InputStream body = new DeadlineStream(answer.body(), limit)) {
            MessageDigest digest = Digest.algorithm();
            byte[] piece = new byte[PIECE_BYTES];
            long copied = 0;
            for (int count = read(body, piece, blob); count >= 0; count = read(body, piece, blob)) {
                copied += count;
                if (copied > blob.bytes()) {
                    throw broken(blob, "is longer than the %d bytes its manifest says".formatted(blob.bytes()));
                }
                digest.update(piece, 0, count);
                sink.write(piece, 0, count);
            }
            if (copied < blob.bytes()) {
                throw broken(blob, "ends after %d of %d bytes".formatted(copied, blob.bytes()));
            }
            if (!Digest.finish(digest).equals(blob.digest())) {
                throw broken(blob, "does not have the content its digest says");
            }
        }
    }

    private int read(InputStream body, byte[] piece, Descriptor blob) {
        try {
            return body.read(piece);
        } catch (IOException e) {
            throw unreachable("reading %s failed: %s".formatted(blob.digest(), reason(e)), e);
        }
    }

    private byte[] small(String what, int bytesMax) {
        HttpResponse<InputStream> answer = get(what);
        try (InputStream body = new DeadlineStream(answer.body(), client.answerTimeout())) {
            byte[] bytes = body.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw problem(ErrorCode.IMAGE_INVALID, "%s is larger than %d bytes".formatted(what, bytesMax));
            }
            return bytes;
        } catch (IOException e) {
            throw unreachable("reading %s failed: %s".formatted(what, reason(e)), e);
        }
    }

    private byte[] checked(byte[] bytes, Digest digest) {
        if (!Digest.of(bytes).equals(digest)) {
            throw problem(ErrorCode.IMAGE_INVALID, "what it sent as %s has another digest".formatted(digest));
        }
        return bytes;
    }

    /** A successful answer, redirects followed and a token fetched when asked for. The caller closes the body. */
    private HttpResponse<InputStream> get(String what) {
        URI target = registry.resolve("/v2/" + path + "/" + what);
        boolean tokenTried = false;
        for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
            HttpResponse<InputStream> answer = send(target, token);
            if (answer.statusCode() == 200) {
                return answer;
            }
            if (answer.statusCode() == 401 && !tokenTried && atRegistry(target)) {
                tokenTried = true;
                token = fetchToken(answer);
            } else if (isRedirect(answer.statusCode())) {
                target = redirected(target, answer);
            } else {
                throw refused(what, answer);
            }
        }
        throw unreachable("it redirected more than %d times".formatted(REDIRECTS_MAX), null);
    }

    private HttpResponse<InputStream> send(URI target, @Nullable String bearer) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(client.answerTimeout())
                .header("User-Agent", "wisp")
                .header("Accept", MediaTypes.ACCEPT + ", */*");
        if (bearer != null && atRegistry(target)) {
            request.header("Authorization", "Bearer " + bearer);
        }
        try {
            return client.send(request.build());
        } catch (IOException e) {
            throw unreachable(reason(e), e);
        }
    }

    private boolean atRegistry(URI target) {
        return RegistryClient.origin(target).equals(RegistryClient.origin(registry));
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private URI redirected(URI from, HttpResponse<InputStream> answer) {
        close(answer);
        String location = answer.headers().firstValue("Location").orElse("");
        try {
            return permitted(from.resolve(location), "redirects to");
        } catch (IllegalArgumentException e) {
            throw unreachable("it redirects to something that is no URL", e);
        }
    }

    private URI permitted(URI target, String how) {
        Optional<String> refusal = RegistryClient.refusal(registry, target);
        if (refusal.isPresent()) {
            throw unreachable(
                    "it %s %s, which is not followed: %s"
                            .formatted(how, OciParser.excerpt(String.valueOf(target.getHost())), refusal.get()),
                    null);
        }
        return target;
    }

    /** Asks the token service that a 401 names for an anonymous token. */
    private String fetchToken(HttpResponse<InputStream> unauthorized) {
        close(unauthorized);
        BearerChallenge challenge = unauthorized.headers().allValues("WWW-Authenticate").stream()
                .flatMap(header -> BearerChallenge.parse(header).stream())
                .findFirst()
                .orElseThrow(() -> problem(
                        ErrorCode.IMAGE_NOT_FOUND, "it is private: the registry asks for a user name and password"));
        HttpResponse<InputStream> answer = send(tokenUri(challenge), null);
        if (answer.statusCode() != 200) {
            close(answer);
            throw problem(
                    ErrorCode.IMAGE_NOT_FOUND,
                    "its token service gives none to an anonymous client (status %d)".formatted(answer.statusCode()));
        }
        try (InputStream body = new DeadlineStream(answer.body(), client.answerTimeout())) {
            return token(OciParser.json(body.readNBytes(TOKEN_BYTES_MAX)));
        } catch (IOException | IllegalArgumentException e) {
            throw unreachable("its token service gave no token", e);
        }
    }

    private URI tokenUri(BearerChallenge challenge) {
        try {
            return permitted(challenge.tokenUri("repository:" + path + ":pull"), "sends for a token to");
        } catch (IllegalArgumentException e) {
            throw unreachable("it sends for a token to something that is no URL", e);
        }
    }

    private static String token(JsonNode answer) {
        String token = answer.path("token").asText(answer.path("access_token").asText(""));
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("no token in the answer");
        }
        return token;
    }

    private ProblemException refused(String what, HttpResponse<InputStream> answer) {
        int status = answer.statusCode();
        String message = "%s (status %d)".formatted(registryMessage(answer), status);
        if (status == 404 || status == 401 || status == 403) {
            return problem(ErrorCode.IMAGE_NOT_FOUND, message);
        }
        return unreachable("%s for %s".formatted(message, what), null);
    }

    /** The first error of the distribution API's error body, or a stand-in. */
    private String registryMessage(HttpResponse<InputStream> answer) {
        try (InputStream body = new DeadlineStream(answer.body(), client.answerTimeout())) {
            JsonNode error = OciParser.json(body.readNBytes(ERROR_BYTES_MAX))
                    .path("errors")
                    .path(0);
            String message = error.path("message").asText(error.path("code").asText(""));
            return message.isEmpty() ? "refused" : OciParser.excerpt(message);
        } catch (IOException | IllegalArgumentException e) {
            return answer.statusCode() == 404 ? "not found" : "refused";
        }
    }

    private static void close(HttpResponse<InputStream> answer) {
        try {
            answer.body().close();
        } catch (IOException e) {
            // Nothing of the body was wanted.
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

    private ProblemException broken(Descriptor blob, String what) {
        return problem(ErrorCode.IMAGE_LAYER_BROKEN, "layer %s %s".formatted(blob.digest(), what));
    }

    private ProblemException unreachable(String what, @Nullable Exception cause) {
        Problem problem = describe(ErrorCode.IMAGE_REGISTRY_UNREACHABLE, what);
        return cause == null ? new ProblemException(problem) : new ProblemException(problem, cause);
    }

    private ProblemException problem(ErrorCode code, String what) {
        return new ProblemException(describe(code, what));
    }

    private Problem describe(ErrorCode code, String what) {
        return Problem.of(code, "registry %s, repository %s: %s".formatted(registry.getAuthority(), path, what));
    }

    /** The repository as it was named: {@code host[:port]/path}. */
    @Override
    public String toString() {
        return repository;
    }
}
