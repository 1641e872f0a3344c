package dev.wisp.contracts.oci;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryAuthenticationFailedException;
import com.google.cloud.tools.jib.api.RegistryException;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.DigestException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One repository of one registry. Every failure is a {@link ProblemException} with E1101 (not there), E1102 (no usable answer), E1103
 * (an answer that is no image) or E1104 (a blob that is not what its digest says). Thread-safe; calls block.
 */
public final class RegistryRepository {

    private static final Pattern PATH = Pattern.compile("[a-z0-9]+(?:[._/-]+[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    private final String repository;
    private final String path;
    private final URI registry;

    /** Holds the token that this registry gave for this repository. */
    private final com.google.cloud.tools.jib.registry.RegistryClient library;

    RegistryRepository(RegistryClient client, String repository, boolean insecure) {
        int slash = repository.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("repository=%s, must be host/path".formatted(repository));
        }
        this.repository = repository;
        this.path = repository.substring(slash + 1);
        this.registry = URI.create((insecure ? "http://" : "https://") + repository.substring(0, slash));
        if (registry.getHost() == null || !PATH.matcher(path).matches() || path.contains("..")) {
            throw new IllegalArgumentException("repository=%s, must be host[:port]/path".formatted(repository));
        }
        this.library = LibraryClients.make(
                registry.getAuthority(),
                path,
                () -> new GuardedTransport(client, registry, RegistryExchange.CURRENT.get()));
    }

    /** The manifest or index under a tag. */
    public byte[] manifest(String tag) {
        if (!TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException("tag=%s, is not one".formatted(tag));
        }
        return manifestAt(tag);
    }

    /** The manifest or index with a digest, checked against it. */
    public byte[] manifest(Digest digest) {
        byte[] bytes = manifestAt(digest.toString());
        if (!Digest.of(bytes).equals(digest)) {
            throw problem(anotherDigest(digest), null);
        }
        return bytes;
    }

    /** A small blob, such as an image's configuration, checked against its digest. */
    public byte[] document(Descriptor blob) {
        String what = "blobs/" + blob.digest();
        RegistryExchange exchange = RegistryExchange.document(uri(what), what);
        run(exchange, () -> pull(exchange, blob, OutputStream.nullOutputStream()));
        return exchange.document();
    }

    /**
     * Copies a blob to {@code sink}, checking size and digest on the way; what was written is only good when this returns.
     *
     * @param limit longest time for the whole blob
     * @throws IOException when the sink failed; failures of the registry are {@link ProblemException}s
     */
    public void copyBlob(Descriptor blob, OutputStream sink, Duration limit) throws IOException {
        String what = "blobs/" + blob.digest();
        BlobSink guarded = new BlobSink(sink, blob);
        RegistryExchange exchange = RegistryExchange.stream(uri(what), what, limit);
        try {
            run(exchange, () -> {
                pull(exchange, blob, guarded);
                guarded.requireWhole();
            });
        } catch (ProblemException e) {
            IOException failure = guarded.failure();
            if (failure != null) {
                throw failure;
            }
            throw e;
        }
    }

    /** A manifest is taken once it is whole, also when the library cannot read it: what it means is {@link OciParser}'s to say. */
    private byte[] manifestAt(String reference) {
        String what = "manifests/" + reference;
        RegistryExchange exchange = RegistryExchange.document(uri(what), what);
        run(exchange, () -> {
            try {
                library.pullManifest(reference);
            } catch (IOException | RegistryException | RuntimeException e) {
                if (!exchange.isWhole()) {
                    throw e;
                }
            }
        });
        return exchange.document();
    }

    private void pull(RegistryExchange exchange, Descriptor blob, OutputStream sink)
            throws IOException, DigestException {
        DescriptorDigest digest = DescriptorDigest.fromDigest(blob.digest().toString());
        try {
            library.pullBlob(digest, size -> {}, count -> {}).writeTo(sink);
        } catch (IOException e) {
            // The library finds but one fault with a blob that came: it has another digest. That exception's own type
            // is not public.
            if (!exchange.isWhole() || !(e.getCause() instanceof RegistryException)) {
                throw e;
            }
            if (!(sink instanceof BlobSink guarded)) {
                throw anotherDigest(blob.digest());
            }
            guarded.requireWhole();
            throw guarded.broken("does not have the content its digest says");
        }
    }

    private static RegistryFault anotherDigest(Digest digest) {
        return new RegistryFault(ErrorCode.IMAGE_INVALID, "what it sent as %s has another digest".formatted(digest));
    }

    private URI uri(String what) {
        return registry.resolve("/v2/" + path + "/" + what);
    }

    /** A call of the library. */
    @FunctionalInterface
    private interface Pull {
        void run() throws IOException, RegistryException, DigestException;
    }

    private void run(RegistryExchange exchange, Pull pull) {
        ScopedValue.where(RegistryExchange.CURRENT, exchange).run(() -> {
            try {
                withToken(exchange, pull);
            } catch (IOException | RegistryException | DigestException | RuntimeException e) {
                // Runtime exceptions too: the library takes some answers for granted that a registry need not give.
                throw problem(fault(exchange, e), e);
            }
        });
    }

    /** Asks for a token when the registry wants one, as most do of clients that they may well serve. */
    private void withToken(RegistryExchange exchange, Pull pull)
            throws IOException, RegistryException, DigestException {
        try {
            pull.run();
        } catch (IOException | RegistryException e) {
            String challenge = exchange.challenge();
            if (challenge == null) {
                throw e;
            }
            authenticate(exchange, challenge);
            pull.run();
        }
    }

    private void authenticate(RegistryExchange exchange, String challenge) throws RegistryException, IOException {
        try {
            library.authPullByWwwAuthenticate(challenge);
        } catch (RegistryAuthenticationFailedException e) {
            if (e.getCause() instanceof MalformedURLException) {
                throw RegistryFault.unusable("it sends for a token to something that is no URL", e);
            }
            if (e.getCause() != null || exchange.tokenAsked()) {
                throw e;
            }
        }
        if (!exchange.tokenAsked()) {
            throw new RegistryFault(
                    ErrorCode.IMAGE_NOT_FOUND, "it is private: the registry asks for a user name and password");
        }
    }

    private static RegistryFault fault(RegistryExchange exchange, Exception e) {
        RegistryFault fault = RegistryFault.in(e);
        RegistryExchange.Answer last = exchange.last();
        if (fault != null) {
            return fault;
        }
        if (last == null || exchange.isWhole()) {
            return RegistryFault.unusable("its answer cannot be read", e);
        }
        return last.token() ? noToken(last) : refused(exchange, last);
    }

    private static RegistryFault noToken(RegistryExchange.Answer last) {
        return last.status() == 200
                ? RegistryFault.unusable("its token service gave no token", null)
                : new RegistryFault(
                        ErrorCode.IMAGE_NOT_FOUND,
                        "its token service gives none to an anonymous client (status %d)".formatted(last.status()));
    }

    private static RegistryFault refused(RegistryExchange exchange, RegistryExchange.Answer last) {
        boolean absent = last.status() == 404 || last.status() == 401 || last.status() == 403;
        return absent
                ? new RegistryFault(ErrorCode.IMAGE_NOT_FOUND, last.message())
                : RegistryFault.unusable("%s for %s".formatted(last.message(), exchange.what()), null);
    }

    private ProblemException problem(RegistryFault fault, @Nullable Exception cause) {
        return new ProblemException(
                Problem.of(
                        fault.code(),
                        "registry %s, repository %s: %s".formatted(registry.getAuthority(), path, fault.getMessage())),
                cause == null ? fault : cause);
    }

    /** The repository as it was named: {@code host[:port]/path}. */
    @Override
    public String toString() {
        return repository;
    }
}
