package dev.wisp.controller.policy;

import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.contracts.revision.Capability;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.Restriction;
import dev.wisp.contracts.revision.RevisionSpec.Protocol;
import dev.wisp.contracts.revision.ScalingSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a checked template asks for, with every default filled in; the image's own configuration is not in it yet.
 *
 * @param command replaces the image's entrypoint and drops its arguments; empty means the image's
 * @param args replace the image's arguments; empty means the image's, unless there is a command
 * @param env in the order it was written, the last of equal names only
 * @param workingDir absolute, null means the image's
 * @param user as an image writes its USER, null means the image's
 * @param capabilities what root inside may do
 * @param network where its instances may connect to
 * @param async how calls are made that nobody waits for
 * @param placement on which nodes its instances may run
 * @param labels those of the service, and those of its template in their place
 */
public record Workload(
        String image,
        List<String> command,
        List<String> args,
        Map<String, String> env,
        @Nullable String workingDir,
        @Nullable String user,
        List<Capability> capabilities,
        List<Restriction> restrictions,
        int port,
        Protocol protocol,
        Limits limits,
        int containerConcurrency,
        long timeoutMillis,
        long startTimeoutMillis,
        ScalingSpec scaling,
        NetworkSpec network,
        AsyncSpec async,
        PlacementSpec placement,
        Map<String, String> labels) {}
