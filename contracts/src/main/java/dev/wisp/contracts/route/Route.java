package dev.wisp.contracts.route;

import dev.wisp.contracts.revision.RevisionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which revisions answer for one host.
 *
 * @param host lower case, without port: {@code hello.default.localhost}
 * @param generation grows with every change of the service
 * @param targets weights sum to 100; empty while no revision of the service is ready
 */
public record Route(String host, String namespace, String service, long generation, List<Target> targets) {

    /** One weighted revision; with a tag it also has a host of its own. */
    public record Target(
            RevisionId revision, int percent, @Nullable String tag) {}

    public Route {
        targets = List.copyOf(targets);
    }
}
