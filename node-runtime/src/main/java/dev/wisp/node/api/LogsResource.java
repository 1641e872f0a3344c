package dev.wisp.node.api;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.node.instance.NodeInstances;
import dev.wisp.node.log.LogStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service's instances on this node printed. */
@Path("/v1/namespaces/{namespace}/services/{service}/logs")
public final class LogsResource {

    private static final int TAIL_MAX = 10_000;

    private final NodeService node;
    private final LogStore logs;

    LogsResource(NodeService node, LogStore logs) {
        this.node = node;
        this.logs = logs;
    }

    /**
     * One line each: time, instance, stream, text.
     *
     * @param tail newest lines to begin with, 0..10000
     * @param follow whether to go on with new ones until the client leaves; one that reads too slowly is cut off
     * @param revision only this one, else the service's newest with output
     */
    @GET
    @Produces("text/plain; charset=utf-8")
    public Multi<String> read(
            @PathParam("namespace") String namespace,
            @PathParam("service") String service,
            @QueryParam("tail") @DefaultValue("100") int tail,
            @QueryParam("follow") @DefaultValue("false") boolean follow,
            @QueryParam("revision") @Nullable String revision) {
        if (tail < 0 || tail > TAIL_MAX) {
            throw new ProblemException(
                    Problem.of(ErrorCode.INVALID, "tail=%d, must be 0..%d".formatted(tail, TAIL_MAX)));
        }
        RevisionId id = revision(namespace, service, revision);
        return follow
                ? Multi.createFrom().emitter(emitter -> follow(emitter, id, tail), logs.followerLinesMax() + TAIL_MAX)
                : Multi.createFrom().iterable(logs.tail(id, tail)).map(line -> line + "\n");
    }

    private RevisionId revision(String namespace, String service, @Nullable String revision) {
        NodeInstances instances = node.instances();
        if (instances == null) {
            throw new ProblemException(Problem.of(ErrorCode.NOT_SERVED_HERE, "this process runs no node"));
        }
        List<RevisionId> known = instances.revisionsOf(namespace, service);
        if (revision != null) {
            return known.stream()
                    .filter(id -> id.name().equals(revision))
                    .findFirst()
                    .orElseThrow(() -> notFound(
                            "no revision %s of service %s/%s on this node".formatted(revision, namespace, service)));
        }
        List<RevisionId> newestOutputFirst = new ArrayList<>(logs.revisions());
        newestOutputFirst.retainAll(known);
        newestOutputFirst.addAll(known);
        return newestOutputFirst.stream()
                .findFirst()
                .orElseThrow(() -> notFound("no service %s/%s on this node".formatted(namespace, service)));
    }

    private void follow(MultiEmitter<? super String> emitter, RevisionId id, int tail) {
        Runnable end = logs.follow(id, tail, line -> emitter.emit(line + "\n"));
        if (end == null) {
            emitter.fail(
                    new ProblemException(Problem.of(ErrorCode.NOT_READY, "too many readers follow logs on this node")));
            return;
        }
        emitter.onTermination(end);
    }

    private static ProblemException notFound(String detail) {
        return new ProblemException(Problem.of(ErrorCode.NOT_FOUND, detail));
    }
}
