package dev.wisp.node.api;

import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.node.instance.NodeInstances;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Instances of this node. */
@Path("/v1/instances")
public final class InstancesResource {

    private final NodeService node;

    InstancesResource(NodeService node) {
        this.node = node;
    }

    /** The instances now, by revision and start. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public List<InstanceEvent> list() {
        NodeInstances instances = node.instances();
        if (instances == null) {
            throw new ProblemException(Problem.of(ErrorCode.NOT_SERVED_HERE, "this process runs no node"));
        }
        Instant now = Instant.now();
        return instances.all().stream()
                .map(instance -> instance.snapshot(node.nodeId(), now))
                .sorted(Comparator.comparing(
                                (InstanceEvent event) -> event.revision().toString())
                        .thenComparing(InstanceEvent::startedAt)
                        .thenComparing(InstanceEvent::instanceId))
                .toList();
    }
}
