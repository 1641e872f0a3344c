package dev.wisp.bench.placement;

import dev.wisp.autoscaler.placement.NodeRoom;
import dev.wisp.autoscaler.placement.Placement;
import dev.wisp.autoscaler.placement.PlacementNeed;
import dev.wisp.autoscaler.placement.PlacementPlanner;
import dev.wisp.autoscaler.placement.PlacementSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Placements over a thousand nodes, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PlacementBench {

    static final int NODES = 1_000;
    static final int REVISIONS = 10_000;

    private List<NodeRoom> nodes = List.of();
    private List<PlacementNeed> fresh = List.of();
    private List<PlacementNeed> placed = List.of();
    private List<PlacementNeed> choosy = List.of();
    private int next;

    @Setup
    public void prepare() {
        nodes = Fleets.nodes(NODES);
        List<PlacementNeed> first = new ArrayList<>();
        List<PlacementNeed> again = new ArrayList<>();
        List<PlacementNeed> choosing = new ArrayList<>();
        for (int revision = 0; revision < REVISIONS; revision++) {
            PlacementNeed need = Fleets.need(revision, List.of());
            first.add(need);
            again.add(Fleets.need(revision, place(need).shares()));
            choosing.add(Fleets.choosy(revision));
        }
        fresh = first;
        placed = again;
        choosy = choosing;
    }

    /** One that was never placed. */
    @Benchmark
    public Placement newRevision() {
        return place(fresh.get(turn()));
    }

    /** One that has a plan, as in every pass but its first. */
    @Benchmark
    public Placement placedRevision() {
        return place(placed.get(turn()));
    }

    /** One with required and preferred labels, a toleration and spreading. */
    @Benchmark
    public Placement choosyRevision() {
        return place(choosy.get(turn()));
    }

    /** All of them once. */
    @Benchmark
    @Warmup(iterations = 3, time = 2)
    @Measurement(iterations = 5, time = 2)
    public void allRevisions(Blackhole blackhole) {
        for (PlacementNeed need : fresh) {
            blackhole.consume(place(need));
        }
    }

    private Placement place(PlacementNeed need) {
        return PlacementPlanner.place(need, nodes, PlacementSettings.DEFAULT);
    }

    private int turn() {
        next = (next + 1) % REVISIONS;
        return next;
    }
}
