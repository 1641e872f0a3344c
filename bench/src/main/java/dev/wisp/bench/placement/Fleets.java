package dev.wisp.bench.placement;

import dev.wisp.autoscaler.placement.NodeRoom;
import dev.wisp.autoscaler.placement.PlacementNeed;
import dev.wisp.contracts.placement.NodeRequirement;
import dev.wisp.contracts.placement.NodeTerm;
import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.placement.PlacementSpec.Preference;
import dev.wisp.contracts.placement.Taint;
import dev.wisp.contracts.placement.Toleration;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nodes of three sizes in four zones, one in ten with a taint, and revisions for them. */
final class Fleets {

    private static final long GIBIBYTE = 1L << 30;
    private static final long MEMORY_BYTES = 128L << 20;

    /** On fast disks, rather in one of two zones, tolerating what one in ten has, spread over zones. */
    private static final PlacementSpec CHOOSY = new PlacementSpec(
            List.of(new NodeTerm(List.of(NodeRequirement.is("disk", "ssd")))),
            List.of(
                    new Preference(20, new NodeTerm(List.of(NodeRequirement.is("zone", "a")))),
                    new Preference(10, new NodeTerm(List.of(NodeRequirement.is("zone", "b"))))),
            List.of(new Toleration("gpu", null, null)),
            "zone");

    private Fleets() {}

    static List<NodeRoom> nodes(int number) {
        List<NodeRoom> nodes = new ArrayList<>();
        for (int node = 0; node < number; node++) {
            long memory = (16L + 16L * (node % 3)) * GIBIBYTE;
            nodes.add(new NodeRoom(
                    "node-" + node,
                    true,
                    8_000 * (1 + node % 3),
                    8_000 * (1 + node % 3) / 100 * (node * 3 % 100),
                    memory,
                    memory - memory / 100 * (node * 7 % 100),
                    500,
                    Map.of("zone", String.valueOf((char) ('a' + node % 4)), "disk", node % 2 == 0 ? "ssd" : "hdd"),
                    node % 10 == 0 ? List.of(Taint.parse("gpu=true:NoSchedule")) : List.of()));
        }
        return nodes;
    }

    /** One of three has a limit, one of two requests processor time. */
    static PlacementNeed need(int number, List<NodeShare> previous) {
        return need(number, PlacementSpec.ANYWHERE, previous);
    }

    static PlacementNeed choosy(int number) {
        return need(number, CHOOSY, List.of());
    }

    private static PlacementNeed need(int number, PlacementSpec placement, List<NodeShare> previous) {
        return new PlacementNeed(
                new RevisionId("default", "service-%d-00001".formatted(number)),
                MEMORY_BYTES,
                1_000,
                number % 2 * 100,
                number % 7,
                number % 3 == 0 ? 20 : 0,
                placement,
                Map.of(),
                Set.of(),
                previous);
    }
}
