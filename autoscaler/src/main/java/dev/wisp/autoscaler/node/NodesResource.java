package dev.wisp.autoscaler.node;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The nodes, and what is wanted of them. */
@Path("/v1/nodes")
@Produces(MediaType.APPLICATION_JSON)
public final class NodesResource {

    private final NodeBook book;
    private final Bus bus;
    private final InstantSource clock = InstantSource.system();

    NodesResource(NodeBook book, Bus bus) {
        this.book = book;
        this.bus = bus;
    }

    /** By name. */
    public record Nodes(List<NodeView> items) {}

    /**
     * What is wanted of a node.
     *
     * @param wish null is refused
     */
    public record Wanted(
            NodeOrder.@Nullable Wish wish, @Nullable String reason) {}

    @GET
    @NonBlocking
    public Nodes list() {
        return new Nodes(book.nodes());
    }

    @GET
    @Path("/{node}")
    @NonBlocking
    public NodeView node(@PathParam("node") String nodeId) {
        return known(nodeId);
    }

    /** Answers once the broker has it; what follows shows in the node's state. */
    @PUT
    @Path("/{node}/order")
    @Consumes(MediaType.APPLICATION_JSON)
    @NonBlocking
    public CompletionStage<NodeOrder> order(
            @PathParam("node") String nodeId,
            @QueryParam("force") @DefaultValue("false") boolean force,
            @Nullable Wanted wanted) {
        known(nodeId);
        if (wanted == null || wanted.wish() == null) {
            throw problem(ErrorCode.INVALID, "wish is missing, must be CORDON or DRAIN");
        }
        String reason = wanted.reason() == null ? "" : wanted.reason();
        if (reason.length() > NodeOrder.REASON_LENGTH_MAX) {
            throw problem(ErrorCode.INVALID, "reason is longer than %d".formatted(NodeOrder.REASON_LENGTH_MAX));
        }
        if (!force && wanted.wish() == NodeOrder.Wish.DRAIN && !book.hasOtherThan(nodeId)) {
            throw problem(ErrorCode.CONFLICT, "no other node is ready to take what node %s runs".formatted(nodeId));
        }
        NodeOrder order = new NodeOrder(nodeId, wanted.wish(), reason, clock.instant());
        return publish(nodeId, order).thenApply(done -> order);
    }

    /** The node takes part again; also for one that is gone for good, whose order would stand for ever. */
    @DELETE
    @Path("/{node}/order")
    @NonBlocking
    public CompletionStage<Void> takeBack(@PathParam("node") String nodeId) {
        return publish(nodeId, null);
    }

    private CompletionStage<Void> publish(String nodeId, @Nullable NodeOrder order) {
        return bus.publish(Topics.NODE_ORDERS, nodeId, order).exceptionally(failure -> {
            throw problem(ErrorCode.STORE_UNAVAILABLE, "the broker did not take the order for node " + nodeId);
        });
    }

    private NodeView known(String nodeId) {
        return book.node(nodeId)
                .orElseThrow(() -> problem(ErrorCode.NOT_FOUND, "node %s is not known".formatted(nodeId)));
    }

    private static ProblemException problem(ErrorCode code, String detail) {
        return new ProblemException(Problem.of(code, detail));
    }
}
