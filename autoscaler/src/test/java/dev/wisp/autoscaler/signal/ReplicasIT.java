package dev.wisp.autoscaler.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wisp.autoscaler.decision.Revisions;
import dev.wisp.contracts.bus.KafkaBus;
import dev.wisp.contracts.bus.TopicSetup;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas, each a process, share twelve revisions under steady load; one is killed, another is stopped and comes back late. */
class ReplicasIT {

    private static final int REVISIONS = 12;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<RevisionSpec> specs = specs();
    private final Map<String, RevisionPlan> present = new ConcurrentHashMap<>();
    /** Every plan that a receiver would have taken over. */
    private final List<RevisionPlan> accepted = new CopyOnWriteArrayList<>();

    private final List<RevisionPlan> refused = new CopyOnWriteArrayList<>();

    private @Nullable Instant lastReport;

    @TempDir
    private Path folder;

    @Test
    void desiredGoesOnWithoutAJumpWhoeverDies() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"));
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            TopicSetup.ensure(kafka.bootstrapServers());
            try (KafkaBus bus = new KafkaBus(kafka.bootstrapServers(), "world");
                    ReplicaProcess first = replica(kafka, "first");
                    ReplicaProcess second = replica(kafka, "second");
                    ReplicaProcess third = replica(kafka, "third");
                    Admin admin = Admin.create(
                            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
                deploy(bus);
                bus.subscribe(Topics.PLANS, (key, plan) -> see(plan));
                clock.scheduleAtFixedRate(() -> live(bus), 0, 250, TimeUnit.MILLISECONDS);
                await().ignoreExceptions().atMost(LONG).until(() -> owners(admin) == 3);
                await().atMost(LONG).untilAsserted(() -> assertThat(desired()).isEqualTo(wanted()));
                accepted.clear();

                Map<String, Long> before = terms();
                first.kill();
                await().atMost(LONG).until(() -> owners(admin) == 2 && changed(before) > 0);
                assertNoJump();

                Map<String, Long> between = terms();
                second.suspend();
                await().atMost(LONG).until(() -> owners(admin) == 1 && changed(between) > 0);
                speakLate(bus, between);
                second.resume();
                await().atMost(LONG).until(() -> owners(admin) == 2);
                assertNoJump();
                assertThat(refused).isNotEmpty();
                third.kill();
            }
        }
    }

    /** What the suspended owner had under way: a plan of its own term that gives everything up. */
    private void speakLate(KafkaBus bus, Map<String, Long> formerTerms) throws Exception {
        for (RevisionSpec spec : specs) {
            String key = spec.id().toString();
            long former = formerTerms.getOrDefault(key, 0L);
            if (EpochPolicy.term(Objects.requireNonNull(present.get(key)).epoch()) > former) {
                long epoch = EpochPolicy.epoch(former, 1_000_000);
                bus.publish(
                                Topics.PLANS,
                                key,
                                new RevisionPlan(
                                        spec.id(),
                                        epoch,
                                        0,
                                        List.of(),
                                        "late",
                                        InstantSource.system().instant()))
                        .get(10, TimeUnit.SECONDS);
                await().atMost(LONG)
                        .until(() -> refused.stream()
                                .anyMatch(plan -> plan.revision().equals(spec.id())));
            }
        }
    }

    /** Nobody ever wanted another number, through three heartbeats of a node: whatever follows from a takeover has been published by then. */
    private void assertNoJump() {
        await().during(NodeStatus.HEARTBEAT.multipliedBy(3)).atMost(LONG).untilAsserted(() -> {
            assertThat(accepted).allSatisfy(plan -> assertThat(plan.desired()).isEqualTo(wanted(plan)));
            assertThat(desired()).isEqualTo(wanted());
        });
    }

    private void deploy(KafkaBus bus) {
        for (RevisionSpec spec : specs) {
            bus.publish(Topics.REVISIONS, spec.id().toString(), spec);
            for (int i = 0; i < load(specs.indexOf(spec)) / 70 + 1; i++) {
                String id = spec.service() + "-" + i;
                Instant now = InstantSource.system().instant();
                bus.publish(
                        Topics.INSTANCES,
                        id,
                        new InstanceEvent(id, spec.id(), "n1", InstanceEvent.State.READY, 0, 0, "", 0, 0, now, now));
            }
        }
    }

    private void see(@Nullable RevisionPlan plan) {
        if (plan == null) {
            return;
        }
        RevisionPlan known = present.get(plan.revision().toString());
        if (known == null || EpochPolicy.accepts(known.epoch(), plan.epoch())) {
            present.put(plan.revision().toString(), plan);
            accepted.add(plan);
        } else {
            refused.add(plan);
        }
    }

    private void live(KafkaBus bus) {
        Instant now = InstantSource.system().instant();
        long window = lastReport == null ? 0 : Duration.between(lastReport, now).toMillis();
        lastReport = now;
        bus.publish(
                Topics.NODES, "n1", new NodeStatus("n1", "", 2000, 64L << 30, 64L << 30, 1000, 0, true, Map.of(), now));
        for (int i = 0; i < REVISIONS; i++) {
            int load = load(i);
            bus.publish(
                    Topics.DEMAND,
                    specs.get(i).id().toString(),
                    new DemandReport(specs.get(i).id(), "g1", now, window, load, 0, load, load, load, List.of()));
        }
    }

    private ReplicaProcess replica(EmbeddedKafka kafka, String name) throws IOException {
        return ReplicaProcess.start(kafka.bootstrapServers(), folder.resolve(name + ".log"));
    }

    /** Members of the group that have at least one partition. */
    private static int owners(Admin admin) throws Exception {
        Map<String, ConsumerGroupDescription> groups =
                admin.describeConsumerGroups(List.of(ScalingLoop.GROUP)).all().get(10, TimeUnit.SECONDS);
        return (int) Objects.requireNonNull(groups.get(ScalingLoop.GROUP)).members().stream()
                .map(MemberDescription::assignment)
                .filter(assignment -> !assignment.topicPartitions().isEmpty())
                .count();
    }

    private Map<String, Long> terms() {
        return present.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> EpochPolicy.term(entry.getValue().epoch())));
    }

    private long changed(Map<String, Long> before) {
        return terms().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .count();
    }

    private Map<String, Integer> desired() {
        return present.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().desired()));
    }

    private Map<String, Integer> wanted() {
        return specs.stream()
                .collect(Collectors.toMap(spec -> spec.id().toString(), spec -> load(specs.indexOf(spec)) / 70 + 1));
    }

    private int wanted(RevisionPlan plan) {
        return wanted().getOrDefault(plan.revision().toString(), -1);
    }

    /** Half an instance short of the next one. */
    private static int load(int revision) {
        return 70 * (revision % 4) + 35;
    }

    private static List<RevisionSpec> specs() {
        List<RevisionSpec> specs = new ArrayList<>();
        for (int i = 0; i < REVISIONS; i++) {
            specs.add(Revisions.revision("s" + i, ScalingSpec.DEFAULT));
        }
        return specs;
    }
}
