package dev.wisp.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.KafkaBus;
import dev.wisp.contracts.bus.TopicSetup;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.route.Route;
import dev.wisp.testkit.BusContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBusIT {

    @TempDir
    static Path data;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() throws IOException {
        kafka = EmbeddedKafka.start(data);
        TopicSetup.ensure(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void keepsTheContract() throws Exception {
        try (Bus bus = new KafkaBus(kafka.bootstrapServers(), "contract")) {
            BusContract contract = new BusContract(bus);
            contract.lateSubscriberSeesWhatIsKept();
            contract.valuesOfAKeyArriveInOrder();
            contract.topicThatIsNotKeptStartsNow();
            contract.memberReadsTheLastWhileAgain();
            contract.termsGrowWithEveryOwner();
        }
    }

    @Test
    void publishingNeverBlocksAndFailsInTheEndWhileTheBrokerIsAway() throws Exception {
        try (Bus bus = new KafkaBus("127.0.0.1:" + EmbeddedKafka.freePort(), "away")) {
            CompletableFuture<Void> published =
                    bus.publish(Topics.ROUTES, "host", new Route("host", "default", "hello", 1, List.of()));

            assertThat(published).failsWithin(15, TimeUnit.SECONDS);
        }
    }

    @Test
    void readerGoesOnWhenTheBrokerComesBack(@TempDir Path own) throws Exception {
        int port = EmbeddedKafka.freePort();
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Bus bus = new KafkaBus("127.0.0.1:" + port, "patient");
        try (bus) {
            bus.subscribe(Topics.ROUTES, (host, route) -> seen.add(host));
            try (EmbeddedKafka first = EmbeddedKafka.start(own, port)) {
                TopicSetup.ensure(first.bootstrapServers());
                bus.publish(Topics.ROUTES, "before", new Route("before", "default", "hello", 1, List.of()));
                assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("before");
            }
            try (EmbeddedKafka second = EmbeddedKafka.start(own, port)) {
                assertThat(second.port()).isEqualTo(port);
                bus.publish(Topics.ROUTES, "after", new Route("after", "default", "hello", 1, List.of()));
                assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("after");
            }
        }
    }
}
