package dev.wisp.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.KafkaBus;
import dev.wisp.contracts.bus.TopicSetup;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.embedded.EmbeddedKafka;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.GatewayFixture.Answer;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored calls outlive gateways: what one was cut off from Kafka with, the next one under its name makes. */
class AsyncKafkaIT {

    private static final AsyncSpec TERMS = new AsyncSpec(2, 60_000, null, null);

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
    void nothingIsLostBetweenStoreAndCallNorBetweenCallAndResult() {
        KafkaBus first = bus();
        AsyncGateway dying = new AsyncGateway(first, Calls.SETTINGS);
        Promise<Void> gate = Promise.promise();
        List<Answer> stored;
        try {
            dying.deploy(TERMS);
            dying.respond((request, dispatch, body) ->
                    gate.future().compose(open -> AsyncGateway.answer(request, 200, "never stored")));
            // Four are under way at once; the others are stored and wait.
            stored = IntStream.range(0, 10)
                    .mapToObj(i -> dying.store("/", "call " + i))
                    .toList();
            GatewayFixture.awaitUntil(() -> dying.seen.size() == Calls.SETTINGS.serviceInFlightMax());
            first.close();
            gate.complete();
            GatewayFixture.awaitUntil(() -> dying.node.inFlight() == 0);

            try (KafkaBus second = bus();
                    AsyncGateway next = new AsyncGateway(second, Calls.SETTINGS)) {
                next.deploy(TERMS);
                for (Answer answer : stored) {
                    assertThat(answer.status()).isEqualTo(202);
                    assertThat(next.result(answer.headers().get("Location")).body())
                            .startsWith("done call ");
                }
                assertThat(next.seen)
                        .extracting(AsyncGateway.Seen::id)
                        .containsExactlyInAnyOrderElementsOf(stored.stream()
                                .map(answer -> answer.headers().get("X-Invocation-Id"))
                                .toList());
            }
        } finally {
            dying.close();
        }
    }

    @Test
    void aResultIsThereForTheNextGatewayToo() {
        @Nullable String location;
        try (KafkaBus bus = bus();
                AsyncGateway gateway = new AsyncGateway(bus, Calls.SETTINGS)) {
            gateway.deploy(TERMS);
            location = gateway.store("/", "x").headers().get("Location");
            assertThat(gateway.result(location).body()).isEqualTo("done x");
        }
        try (KafkaBus bus = bus();
                AsyncGateway gateway = new AsyncGateway(bus, Calls.SETTINGS)) {
            gateway.deploy(TERMS);
            GatewayFixture.awaitUntil(
                    () -> gateway.get(AsyncGateway.HOST, location).status() == 200);

            assertThat(gateway.get(AsyncGateway.HOST, location).body()).isEqualTo("done x");
            assertThat(gateway.seen).isEmpty();
        }
    }

    @Test
    void theLargestCallAndTheLargestAnswerFitAMessage() {
        AsyncSettings settings = Calls.largest();
        try (KafkaBus bus = bus();
                AsyncGateway gateway = new AsyncGateway(bus, settings)) {
            gateway.deploy(TERMS);
            gateway.respond((request, dispatch, body) -> AsyncGateway.answer(request, 200, body));
            String body = "x".repeat(AsyncSettings.MESSAGE_BYTES_MAX);

            Answer stored = gateway.store("/", body);

            assertThat(stored.status()).isEqualTo(202);
            assertThat(gateway.result(stored.headers().get("Location")).body()).isEqualTo(body);
        }
    }

    private static KafkaBus bus() {
        return new KafkaBus(kafka.bootstrapServers(), "async");
    }
}
