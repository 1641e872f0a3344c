package dev.wisp.gateway.routing;

import static dev.wisp.gateway.GatewayFixture.HELLO;
import static dev.wisp.gateway.GatewayFixture.HOST;
import static dev.wisp.gateway.GatewayFixture.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.testkit.MemoryBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformFeedTest {

    private static final String OTHER_HOST = "other.default.localhost";

    @TempDir
    private Path directory;

    @Test
    void followsTheBus() {
        MemoryBus bus = new MemoryBus();
        try (PlatformFeed feed = started(bus)) {
            bus.publish(Topics.ROUTES, HOST, GatewayFixture.route());
            awaitUntil(() -> feed.view().routes().containsKey(HOST));

            bus.publish(Topics.ROUTES, HOST, null);

            awaitUntil(() -> feed.view().routes().isEmpty());
        }
    }

    @Test
    void startsFromTheLastKnownStateWhileTheBusIsAway() {
        MemoryBus bus = new MemoryBus();
        try (PlatformFeed feed = started(bus)) {
            deploy(bus);
            awaitUntil(() ->
                    !feed.view().plans().isEmpty() && !feed.view().revisions().isEmpty());
        }
        MemoryBus away = new MemoryBus();
        away.cut();

        try (PlatformFeed feed = started(away)) {
            assertThat(feed.view().routes()).containsOnly(Map.entry(HOST, GatewayFixture.route()));
            assertThat(feed.view().revisions())
                    .containsEntry(HELLO.toString(), GatewayFixture.spec(1, Duration.ofSeconds(1)));
            assertThat(feed.view().plans()).containsEntry(HELLO.toString(), plan(1));
        }
    }

    @Test
    void forgetsWhatWasDeletedWhileItWasDown() {
        MemoryBus before = new MemoryBus();
        try (PlatformFeed feed = started(before)) {
            before.publish(Topics.ROUTES, OTHER_HOST, GatewayFixture.route());
            awaitUntil(() -> feed.view().routes().containsKey(OTHER_HOST));
        }
        MemoryBus after = new MemoryBus();
        after.publish(Topics.ROUTES, HOST, GatewayFixture.route());

        try (PlatformFeed feed = started(after)) {
            awaitUntil(() -> feed.view().routes().keySet().equals(Set.of(HOST)));
        }
    }

    @Test
    void ignoresAFileThatIsNotItsOwn() throws IOException {
        Files.writeString(directory.resolve("platform.json"), "{\"routes\": [1, 2]}");

        try (PlatformFeed feed = started(new MemoryBus())) {
            assertThat(feed.view()).isEqualTo(PlatformView.EMPTY);
        }
    }

    @Test
    void servesWithoutAPlaceToKeepItsState() throws IOException {
        Path file = Files.createFile(directory.resolve("a-file"));
        MemoryBus bus = new MemoryBus();
        try (PlatformFeed feed = new PlatformFeed(bus, file, changes -> {})) {
            feed.start();
            deploy(bus);

            awaitUntil(() -> !feed.view().routes().isEmpty());
        }
    }

    @Test
    void ignoresAPlanOfAnOwnerThatWasReplaced() {
        PlatformView view = PlatformView.EMPTY.with(List.of(change(plan(2)), change(plan(1))));

        assertThat(view.plans()).containsEntry(HELLO.toString(), plan(2));
    }

    private PlatformFeed started(MemoryBus bus) {
        PlatformFeed feed = new PlatformFeed(bus, directory, changes -> {});
        feed.start();
        return feed;
    }

    private static void deploy(MemoryBus bus) {
        bus.publish(Topics.REVISIONS, HELLO.toString(), GatewayFixture.spec(1, Duration.ofSeconds(1)));
        bus.publish(Topics.ROUTES, HOST, GatewayFixture.route());
        bus.publish(Topics.PLANS, HELLO.toString(), plan(1));
    }

    private static PlatformView.Change change(RevisionPlan plan) {
        return new PlatformView.Change(Topics.PLANS.name(), HELLO.toString(), plan);
    }

    private static RevisionPlan plan(long epoch) {
        return new RevisionPlan(
                HELLO, epoch, 0, List.of(new RevisionPlan.NodeShare("n1", 0, 3)), "test", Instant.EPOCH);
    }
}
