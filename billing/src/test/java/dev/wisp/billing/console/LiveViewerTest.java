package dev.wisp.billing.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.Invocations;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.RatingState;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveViewerTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private final SplittableRandom random = new SplittableRandom(5);
    private final LiveFeed feed = new LiveFeed();
    private final Fleet fleet = new Fleet();
    private final LiveViewer viewer = new LiveViewer(feed, fleet, 3);

    @Test
    void beginsWithWhatIsKeptAndGoesOnWithWhatIsNew() {
        List<RatedRecord> before = store(5);

        LiveEvent first = viewer.next().event();
        List<RatedRecord> after = store(2);
        LiveEvent second = viewer.next().event();

        assertThat(first.records()).extracting(record -> record.invocationId()).containsExactlyElementsOf(ids(before));
        assertThat(second.records()).extracting(record -> record.invocationId()).containsExactlyElementsOf(ids(after));
        assertThat(second.instances()).isNull();
    }

    @Test
    void showsOnlyTheNewestToAViewerThatFellBehind() {
        viewer.next();
        List<RatedRecord> all = store(LiveFeed.RECORDS_MAX + 50);

        LiveEvent event = viewer.next().event();

        assertThat(event.records())
                .extracting(record -> record.invocationId())
                .containsExactlyElementsOf(ids(all.subList(50, all.size())));
    }

    @Test
    void isSilentWhileNothingChangesButNotForEver() {
        viewer.next();

        List<Boolean> news =
                IntStream.range(0, 6).mapToObj(turn -> viewer.next().isNews()).toList();

        assertThat(news).containsExactly(false, false, true, false, false, true);
    }

    @Test
    void sendsTheInstancesWhenOneChanged() {
        viewer.next();
        fleet.instance("i-1", instance("i-1", InstanceEvent.State.READY));

        LiveEvent event = viewer.next().event();

        assertThat(event.instances()).extracting(InstanceView::instanceId).containsExactly("i-1");
    }

    private List<RatedRecord> store(int count) {
        List<RatedRecord> records = IntStream.range(0, count)
                .mapToObj(i -> new RatedRecord(Invocations.any(NOW, "hello", random), RatingState.CONFIRMED))
                .toList();
        feed.stored(records);
        return records;
    }

    private static List<java.util.UUID> ids(List<RatedRecord> records) {
        return records.stream().map(rated -> rated.record().invocationId()).toList();
    }

    private static InstanceEvent instance(String id, InstanceEvent.State state) {
        return new InstanceEvent(
                id, new RevisionId("default", "hello-00001"), "node-1", state, 1, 0, "", 0, 0, NOW, NOW);
    }
}
