package dev.wisp.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.KafkaBus;
import dev.wisp.contracts.bus.TopicSetup;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.route.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    @Test
    void keepsCompactedTopicsOverARestart(@TempDir Path data) throws Exception {
        Route route = new Route("hello.default.localhost", "default", "hello", 1, List.of());
        try (EmbeddedKafka kafka = EmbeddedKafka.start(data);
                Bus bus = new KafkaBus(kafka.bootstrapServers(), "writer")) {
            TopicSetup.ensure(kafka.bootstrapServers());
            bus.publish(Topics.ROUTES, route.host(), route).get(10, TimeUnit.SECONDS);
        }

        Map<String, Route> read = new ConcurrentHashMap<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(data);
                Bus bus = new KafkaBus(kafka.bootstrapServers(), "reader")) {
            bus.subscribe(Topics.ROUTES, (host, value) -> {
                        if (value != null) {
                            read.put(host, value);
                        }
                    })
                    .caughtUp()
                    .get(10, TimeUnit.SECONDS);
        }

        assertThat(read).containsExactly(Map.entry(route.host(), route));
    }
}
