package dev.wisp.contracts.bus;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that do not exist yet, with the settings {@link Topics} declares; replication is the broker's default. */
public final class TopicSetup {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private TopicSetup() {}

    /** Throws {@link IllegalStateException} when the broker does not answer within ten seconds; harmless to repeat. */
    public static void ensure(String bootstrapServers) {
        Map<String, Object> config = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                3_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) TIMEOUT.toMillis());
        try (Admin admin = Admin.create(config)) {
            List<NewTopic> topics =
                    Topics.ALL.stream().map(TopicSetup::declaration).toList();
            admin.createTopics(topics).values().forEach((name, created) -> await(name, created));
        }
    }

    private static void await(String name, KafkaFuture<Void> created) {
        try {
            created.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("creating topic %s".formatted(name), e.getCause());
            }
        } catch (TimeoutException e) {
            throw new IllegalStateException("creating topic %s: no answer in %s".formatted(name, TIMEOUT), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topic %s".formatted(name), e);
        }
    }

    private static NewTopic declaration(Topic<?> topic) {
        Map<String, String> config = new HashMap<>();
        if (topic.compacted()) {
            config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        if (!topic.retention().isZero()) {
            config.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(topic.retention().toMillis()));
            config.merge(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_DELETE,
                    (compact, delete) -> compact + "," + delete);
        }
        return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty()).configs(config);
    }
}
