package dev.wisp.autoscaler.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.wisp.contracts.placement.NodeRequirement;
import dev.wisp.contracts.placement.NodeTerm;
import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.placement.PlacementSpec.Preference;
import dev.wisp.contracts.placement.Taint;
import dev.wisp.contracts.placement.Toleration;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Labels, taints, images and head-room. */
class NodeChoiceTest {

    private static final long MIB = 1 << 20;
    private static final NodeTerm SSD = new NodeTerm(List.of(NodeRequirement.is("disk", "ssd")));
    private static final PlacementSpec ON_SSD = new PlacementSpec(List.of(SSD), List.of(), List.of(), null);

    @Test
    void instancesAreOnlyWhereTheLabelsAre() {
        Placement placement = place(
                need(4, ON_SSD),
                room("n1", Map.of("disk", "hdd")),
                room("n2", Map.of("disk", "ssd")),
                room("n3", Map.of()));

        assertThat(placement.shares()).containsExactly(new NodeShare("n2", 4, 64));
    }

    @Test
    void whenNoNodeMayStartItEachReasonIsCounted() {
        Placement placement = place(
                need(2, ON_SSD),
                room("n1", Map.of("disk", "hdd")),
                room("n2", Map.of()),
                tainted("n3", Map.of("disk", "ssd"), "gpu=true:NoSchedule"),
                room("n4", Map.of("disk", "ssd"), 0));

        assertThat(placement)
                .isEqualTo(new Placement(
                        List.of(),
                        2,
                        "of 4 nodes: no match for disk=ssd (2), full (1), taint gpu=true:NoSchedule (1)"));
    }

    @Test
    void aTaintKeepsOffWhoDoesNotTolerateIt() {
        NodeRoom gpu = tainted("n1", Map.of(), "gpu=true:NoSchedule");
        PlacementSpec tolerant =
                new PlacementSpec(List.of(), List.of(), List.of(new Toleration("gpu", null, null)), null);

        assertThat(nodes(place(need(1, PlacementSpec.ANYWHERE), gpu, room("n2", Map.of()))))
                .containsExactly("n2");
        assertThat(nodes(place(need(1, tolerant), gpu))).containsExactly("n1");
    }

    @Test
    void aTaintThatPrefersOthersOnlyComesLast() {
        NodeRoom spot = tainted("n1", Map.of(), "spot:PreferNoSchedule");

        assertThat(nodes(place(need(1, PlacementSpec.ANYWHERE), spot, room("n2", Map.of()))))
                .containsExactly("n2", "n1");
    }

    @Test
    void whatRunsStaysUnderNoScheduleAndLeavesUnderNoExecute() {
        PlacementNeed running =
                need(4, PlacementSpec.ANYWHERE, Map.of("n1", 2), Set.of(), List.of(new NodeShare("n1", 2, 8)));

        assertThat(place(running, tainted("n1", Map.of(), "a:NoSchedule"), room("n2", Map.of()))
                        .shares())
                .containsExactly(new NodeShare("n2", 2, 64), new NodeShare("n1", 2, 0));
        assertThat(place(running, tainted("n1", Map.of(), "a:NoExecute"), room("n2", Map.of()))
                        .shares())
                .containsExactly(new NodeShare("n2", 4, 64));
    }

    @Test
    void preferredNodesComeFirstAndWeightsAddUp() {
        PlacementSpec preferring = new PlacementSpec(
                List.of(),
                List.of(
                        new Preference(10, SSD),
                        new Preference(60, new NodeTerm(List.of(NodeRequirement.is("zone", "a")))),
                        new Preference(60, new NodeTerm(List.of(NodeRequirement.is("zone", "b"))))),
                List.of(),
                null);

        assertThat(nodes(place(
                        need(0, preferring),
                        room("n1", Map.of()),
                        room("n2", Map.of("zone", "a")),
                        room("n3", Map.of("zone", "b", "disk", "ssd")),
                        room("n4", Map.of("disk", "ssd")))))
                .containsExactly("n3", "n2", "n4", "n1");
    }

    @Test
    void nodesThatHaveTheImageComeFirst() {
        NodeRoom[] rooms = {
            room("n1", Map.of()), room("n2", Map.of()), room("n3", Map.of()), room("n4", Map.of()), room("n5", Map.of())
        };

        for (NodeRoom warm : rooms) {
            PlacementNeed need = need(1, PlacementSpec.ANYWHERE, Map.of(), Set.of(warm.nodeId()), List.of());
            assertThat(nodes(place(need, rooms))).first().isEqualTo(warm.nodeId());
        }
    }

    @Test
    void aNodeOfTheLastPlanThatLostItsImageIsAskedAfterTheOthers() {
        PlacementNeed need = need(
                0,
                PlacementSpec.ANYWHERE,
                Map.of(),
                Set.of("n2"),
                List.of(new NodeShare("n1", 0, 32), new NodeShare("n2", 0, 32)));

        assertThat(place(need, room("n1", Map.of()), room("n2", Map.of())).shares())
                .containsExactly(new NodeShare("n2", 0, 32), new NodeShare("n1", 0, 32));
    }

    @Test
    void headroomIsUsedOnlyWhenNothingElseIsLeft() {
        NodeRoom tight = room("n1", Map.of(), 13); // 12.5 of 128 are head-room.
        NodeRoom wide = room("n2", Map.of(), 64);

        Placement fewer = place(need(8, PlacementSpec.ANYWHERE), tight, wide);
        Placement more = place(need(70, PlacementSpec.ANYWHERE), tight, wide);

        assertThat(fewer.shares())
                .filteredOn(share -> share.nodeId().equals("n1"))
                .allMatch(share -> share.count() == 0);
        assertThat(fewer.shares()).extracting(NodeShare::nodeId).startsWith("n2");
        assertThat(more.unplaced()).isZero();
    }

    @Test
    void instancesAreSpreadOverTheValuesOfALabel() {
        List<NodeRoom> rooms = new ArrayList<>();
        for (int node = 0; node < 12; node++) {
            rooms.add(room("a" + node, Map.of("zone", "a")));
        }
        rooms.add(room("b0", Map.of("zone", "b")));
        rooms.add(room("c0", Map.of("zone", "c")));
        PlacementSpec spread = new PlacementSpec(List.of(), List.of(), List.of(), "zone");

        Placement placement = place(need(9, spread), rooms.toArray(NodeRoom[]::new));

        Map<String, Integer> byZone = new HashMap<>();
        placement.shares().forEach(share -> byZone.merge(share.nodeId().substring(0, 1), share.count(), Integer::sum));
        assertThat(byZone).isEqualTo(Map.of("a", 3, "b", 3, "c", 3));
    }

    @Test
    void spreadingCountsWhatRunsAlready() {
        PlacementSpec spread = new PlacementSpec(List.of(), List.of(), List.of(), "zone");
        PlacementNeed need = need(4, spread, Map.of("a", 3), Set.of(), List.of());

        assertThat(place(need, room("a", Map.of("zone", "a")), room("b", Map.of("zone", "b")))
                        .shares())
                .extracting(NodeShare::nodeId, NodeShare::count)
                .containsExactlyInAnyOrder(tuple("a", 3), tuple("b", 1));
    }

    private static List<String> nodes(Placement placement) {
        return placement.shares().stream().map(NodeShare::nodeId).toList();
    }

    private static Placement place(PlacementNeed need, NodeRoom... rooms) {
        return PlacementPlanner.place(need, List.of(rooms), PlacementSettings.DEFAULT);
    }

    private static PlacementNeed need(int desired, PlacementSpec placement) {
        return need(desired, placement, Map.of(), Set.of(), List.of());
    }

    private static PlacementNeed need(
            int desired,
            PlacementSpec placement,
            Map<String, Integer> existing,
            Set<String> prepared,
            List<NodeShare> previous) {
        return new PlacementNeed(
                new RevisionId("default", "a-00001"),
                128 * MIB,
                1000,
                0,
                desired,
                0,
                placement,
                existing,
                prepared,
                previous);
    }

    private static NodeRoom room(String nodeId, Map<String, String> labels) {
        return room(nodeId, labels, 100);
    }

    /** One of 128 places, of which so many are free. */
    private static NodeRoom room(String nodeId, Map<String, String> labels, int free) {
        return new NodeRoom(nodeId, true, 2000, 2000, 128 * 128 * MIB, free * 128L * MIB, 1000, labels, List.of());
    }

    private static NodeRoom tainted(String nodeId, Map<String, String> labels, String taint) {
        return new NodeRoom(
                nodeId, true, 2000, 2000, 128 * 128 * MIB, 100 * 128 * MIB, 1000, labels, List.of(Taint.parse(taint)));
    }
}
