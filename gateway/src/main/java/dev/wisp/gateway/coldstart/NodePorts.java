package dev.wisp.gateway.coldstart;

import dev.wisp.contracts.dataplane.NodePort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes this gateway can reach now; thread-safe. */
public interface NodePorts {

    /** Null when the node is neither in this process nor announced with an address. */
    @Nullable
    NodePort find(String nodeId);

    /** Whether the node runs in this process. */
    boolean isLocal(String nodeId);

    /** Every node that can be reached, those of this process first. */
    List<String> nodeIds();
}
