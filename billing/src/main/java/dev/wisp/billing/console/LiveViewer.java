package dev.wisp.billing.console;

import java.util.List;

/** What one page has seen so far. Not thread-safe: one stream. */
final class LiveViewer {

    private static final Turn NOTHING = new Turn(false, new LiveEvent(List.of(), null));

    private final LiveFeed feed;
    private final Fleet fleet;
    private final int silentTicksMax;
    private long sequence;
    private long fleetVersion = -1;
    private int silentTicks;

    LiveViewer(LiveFeed feed, Fleet fleet, int silentTicksMax) {
        this.feed = feed;
        this.fleet = fleet;
        this.silentTicksMax = silentTicksMax;
    }

    /** One look at the feed; not news when nothing changed and the last event is recent. */
    record Turn(boolean isNews, LiveEvent event) {}

    Turn next() {
        LiveFeed.Slice slice = feed.after(sequence);
        long version = fleet.version();
        boolean fleetChanged = version != fleetVersion;
        if (slice.records().isEmpty() && !fleetChanged && ++silentTicks < silentTicksMax) {
            return NOTHING;
        }
        sequence = slice.sequence();
        fleetVersion = version;
        silentTicks = 0;
        return new Turn(true, new LiveEvent(slice.records(), fleetChanged ? fleet.instances() : null));
    }
}
