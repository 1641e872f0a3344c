package dev.wisp.standalone;

import dev.wisp.node.api.NodeService;
import io.smallrye.health.api.Wellness;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Down while the node of this process takes no calls because its disk keeps no records. The process is ready all the same: its other services go on. */
@Wellness
@Singleton
class JournalHealth implements HealthCheck {

    private final NodeService node;

    JournalHealth(NodeService node) {
        this.node = node;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("records reach the disk")
                .status(node.recordsReachDisk())
                .build();
    }
}
