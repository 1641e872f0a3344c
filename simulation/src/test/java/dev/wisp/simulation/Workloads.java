package dev.wisp.simulation;

import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.testkit.RevisionSpecs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** What runs on a simulated platform. */
final class Workloads {

    private static final int REVISIONS = 3;
    private static final PlacementSpec OVER_ZONES = new PlacementSpec(List.of(), List.of(), List.of(), "zone");

    private Workloads() {}

    /** Each instance of them requests so much processor time, and is scaled as {@code change} makes of what the dice say. */
    static List<RevisionSpec> revisions(
            RandomGenerator random, int cpuRequestMillicores, UnaryOperator<ScalingSpec> change) {
        List<RevisionSpec> specs = new ArrayList<>();
        for (int i = 0; i < REVISIONS; i++) {
            RevisionSpec spec =
                    revision("s" + i, change.apply(scaling(random)), random.nextInt(3) * 2, cpuRequestMillicores);
            specs.add(random.nextInt(3) == 0 ? spec.withPlacement(OVER_ZONES) : spec);
        }
        return specs;
    }

    /** Of one whose instances stay frozen for longer than a simulation lasts, while there is room. */
    static ScalingSpec keptFrozen(ScalingSpec scaling) {
        return scaling.withFreezeAfterMillis(200).withKeepFrozenMillis(600_000);
    }

    static Route route(RevisionSpec spec) {
        return new Route(
                spec.service() + ".default.localhost",
                "default",
                spec.service(),
                1,
                List.of(new Route.Target(spec.id(), 100, null)));
    }

    private static ScalingSpec scaling(RandomGenerator random) {
        int maxScale = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(8);
        int minScale = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        return ScalingSpec.DEFAULT
                .with()
                .minScale(maxScale == 0 ? minScale : Math.min(minScale, maxScale))
                .maxScale(maxScale)
                .windowSeconds(6)
                .keepAliveMillis(random.nextInt(2_000))
                .freezeAfterMillis(0)
                .build();
    }

    static RevisionSpec revision(String service, ScalingSpec scaling, int concurrency) {
        return revision(service, scaling, concurrency, 0);
    }

    /** Each instance of it requests so much processor time. */
    static RevisionSpec revision(String service, ScalingSpec scaling, int concurrency, int cpuRequestMillicores) {
        return RevisionSpecs.of(new RevisionId("default", service + "-00001"), service)
                .account("account")
                .limits(new Limits(
                        Math.max(1_000, cpuRequestMillicores), 128L << 20, 64, 16 << 20, cpuRequestMillicores))
                .containerConcurrency(concurrency)
                .scaling(scaling)
                .createdAt(Platform.START)
                .build();
    }
}
