package dev.wisp.contracts.revision;

import dev.wisp.contracts.placement.PlacementSpec;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node, a gateway and the autoscaler need to run one revision; immutable once published.
 *
 * @param account who pays for its invocations
 * @param service name of the service the revision belongs to
 * @param serviceUid identity of that service: a deleted and re-created service of the same name has another
 * @param image what to unpack
 * @param process what to execute, already merged from image configuration and service
 * @param port where the process listens inside its sandbox, 1..65535
 * @param protocol what it speaks there
 * @param limits what one instance may use
 * @param containerConcurrency requests one instance serves at once, 0 means no limit, at most 1000
 * @param timeoutMillis longest time one request may take in the instance
 * @param startTimeoutMillis longest time between executing the entrypoint and its listening on the port
 * @param scaling how many instances there may be, and for how long
 * @param network where its instances may connect to; what was published before there was a choice has none
 * @param async how calls are made that nobody waits for; what was published before has the defaults
 * @param placement on which nodes its instances may run; what was published before there was a choice runs on any
 * @param labels of the service when the revision was made, and those of its template: what usage and budgets can be told apart by
 */
@RecordBuilder
public record RevisionSpec(
        RevisionId id,
        String account,
        String service,
        String serviceUid,
        ImageRef image,
        ProcessSpec process,
        int port,
        Protocol protocol,
        Limits limits,
        int containerConcurrency,
        long timeoutMillis,
        long startTimeoutMillis,
        ScalingSpec scaling,
        Instant createdAt,
        @Nullable NetworkSpec network,
        @Nullable AsyncSpec async,
        @Nullable PlacementSpec placement,
        @Nullable Map<String, String> labels)
        implements RevisionSpecBuilder.With {

    /** What a workload speaks on its port. */
    public enum Protocol {
        HTTP1,
        H2C
    }

    public RevisionSpec {
        network = network == null ? NetworkSpec.NONE : network;
        async = async == null ? AsyncSpec.DEFAULT : async;
        placement = placement == null ? PlacementSpec.ANYWHERE : placement;
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port=%d, must be 1..65535".formatted(port));
        }
        if (containerConcurrency < 0 || containerConcurrency > 1000) {
            throw new IllegalArgumentException(
                    "containerConcurrency=%d, must be 0..1000".formatted(containerConcurrency));
        }
        if (timeoutMillis <= 0 || startTimeoutMillis <= 0) {
            throw new IllegalArgumentException("timeoutMillis=%d, startTimeoutMillis=%d, must be > 0"
                    .formatted(timeoutMillis, startTimeoutMillis));
        }
    }

    @Override
    public NetworkSpec network() {
        return Objects.requireNonNull(network, "network");
    }

    @Override
    public AsyncSpec async() {
        return Objects.requireNonNull(async, "async");
    }

    @Override
    public PlacementSpec placement() {
        return Objects.requireNonNull(placement, "placement");
    }

    @Override
    public Map<String, String> labels() {
        return Objects.requireNonNull(labels, "labels");
    }
}
