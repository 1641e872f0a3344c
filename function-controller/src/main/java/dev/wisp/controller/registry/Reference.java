package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image reference as people write it, with docker's defaults: no host means Docker Hub, no tag means {@code latest}. A digest beats a
 * tag beside it.
 *
 * @param text what was written
 * @param host {@code host[:port]} to talk to
 * @param path repository at that host
 * @param digest when the reference pins one
 */
record Reference(
        String text,
        String host,
        String path,
        String tag,
        @Nullable Digest digest) {

    private static final int CHARS_MAX = 512;
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");
    private static final Pattern LOOPBACK =
            Pattern.compile("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1])(?::[0-9]{1,5})?");

    /** Docker Hub answers under another name than people write. */
    private static final String HUB = "registry-1.docker.io";

    /** Throws a problem (E1103) for what is no reference. */
    static Reference parse(String text) {
        if (text.isEmpty() || text.length() > CHARS_MAX) {
            throw invalid(text, "it must have 1 to %d characters".formatted(CHARS_MAX));
        }
        int at = text.indexOf('@');
        Digest digest = at < 0 ? null : digest(text, text.substring(at + 1));
        String name = at < 0 ? text : text.substring(0, at);
        int slash = name.indexOf('/');
        boolean hasHost = slash > 0 && isHost(name.substring(0, slash));
        String host = hasHost ? name.substring(0, slash) : "docker.io";
        String rest = hasHost ? name.substring(slash + 1) : name;
        int colon = rest.lastIndexOf(':');
        String path = colon < 0 ? rest : rest.substring(0, colon);
        String tag = colon < 0 ? "latest" : rest.substring(colon + 1);
        if (!HOST.matcher(host).matches() || !UploadName.isRepository(path) || !UploadName.isTag(tag)) {
            throw invalid(text, "it must be [host[:port]/]name[:tag][@sha256:digest], the name in lower case");
        }
        return onHub(host)
                ? new Reference(text, HUB, path.indexOf('/') < 0 ? "library/" + path : path, tag, digest)
                : new Reference(text, host, path, tag, digest);
    }

    private static boolean isHost(String word) {
        return word.equals("localhost") || word.indexOf('.') >= 0 || word.indexOf(':') >= 0;
    }

    private static boolean onHub(String host) {
        return host.equals("docker.io") || host.equals("index.docker.io");
    }

    private static Digest digest(String text, String digest) {
        try {
            return Digest.parse(digest);
        } catch (IllegalArgumentException e) {
            throw invalid(text, String.valueOf(e.getMessage()));
        }
    }

    private static ProblemException invalid(String text, String reason) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return new ProblemException(
                Problem.of(ErrorCode.IMAGE_INVALID, "'%s' is not an image reference: %s".formatted(shown, reason)));
    }

    /** Whether it names an uploaded image. */
    boolean isUpload() {
        return host.equals(UploadName.HOST);
    }

    /** Loopback registries are reached by plain HTTP, all others by TLS. */
    boolean isInsecure() {
        return LOOPBACK.matcher(host).matches();
    }

    String repository() {
        return host + "/" + path;
    }
}
