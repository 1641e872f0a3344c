package dev.wisp.gateway.proxy;

import static dev.wisp.gateway.GatewayFixture.HELLO;
import static dev.wisp.gateway.GatewayFixture.LIMITS;
import static dev.wisp.gateway.GatewayFixture.await;
import static dev.wisp.gateway.GatewayFixture.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.GatewayFixture.Answer;
import dev.wisp.gateway.admission.HoldLimits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ColdStartTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Test
    void holdsTheFirstRequestUntilAnInstanceStarted() {
        FakeNode node = new FakeNode("n1", 1);
        node.keepStartsWaiting();
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 5, "n1")) {
            Future<Answer> held = gateway.get("/");
            awaitUntil(() -> node.startsAsked() == 1);
            assertThat(held.isComplete()).isFalse();

            node.releaseStarts();

            assertThat(await(held).body()).isEqualTo("n1-1");
            Dispatch dispatch = node.dispatches().getFirst();
            assertThat(dispatch.cold()).isEqualTo(FakeNode.TIMING);
            assertThat(dispatch.startMicros()).isPositive();
            assertThat(dispatch.remainingMillis()).isBetween(1L, TIMEOUT.toMillis());
            assertThat(await(held).headers())
                    .containsEntry("x-invocation-id", dispatch.invocationId().toString());
            assertThat(dispatch.invocationId().version()).isEqualTo(7);
        }
    }

    @Test
    void sendsTheNextRequestToTheSameInstanceWarm() {
        FakeNode node = new FakeNode("n1", 1);
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 5, "n1")) {
            await(gateway.get("/"));

            Answer second = await(gateway.get("/"));

            assertThat(second.body()).isEqualTo("n1-1");
            assertThat(node.startsAsked()).isEqualTo(1);
            Dispatch dispatch = node.dispatches().getLast();
            assertThat(dispatch.cold()).isNull();
            assertThat(dispatch.startMicros()).isZero();
        }
    }

    @Test
    void startsNoMoreThanMaxScaleForAHundredAtOnce() {
        FakeNode node = new FakeNode("n1", 1);
        node.keepStartsWaiting();
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 5, "n1")) {
            List<Future<Answer>> calls = new ArrayList<>();
            for (int call = 0; call < 100; call++) {
                calls.add(gateway.get("/" + call));
            }
            awaitUntil(() -> gateway.metrics.queueDepth() == 100);

            node.releaseStarts();

            await(Future.all(calls));
            assertThat(calls).allMatch(call -> call.result().status() == 200);
            assertThat(node.startsAsked()).isEqualTo(5);
            assertThat(node.inFlightPeak()).isEqualTo(1);
            assertThat(gateway.metrics.queueDepth()).isZero();
        }
    }

    @Test
    void sharesOneInstanceWithinItsConcurrency() {
        FakeNode node = new FakeNode("n1", 10);
        node.keepStartsWaiting();
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(10, TIMEOUT, 50, "n1")) {
            List<Future<Answer>> calls = new ArrayList<>();
            for (int call = 0; call < 25; call++) {
                calls.add(gateway.get("/"));
            }
            awaitUntil(() -> gateway.metrics.queueDepth() == 25);

            node.releaseStarts();

            await(Future.all(calls));
            assertThat(node.startsAsked()).isEqualTo(3);
            assertThat(node.inFlightPeak()).isLessThanOrEqualTo(10);
        }
    }

    @Test
    void startsOneInstanceWhenConcurrencyHasNoLimit() {
        FakeNode node = new FakeNode("n1", 0);
        node.keepStartsWaiting();
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(0, TIMEOUT, 50, "n1")) {
            List<Future<Answer>> calls = new ArrayList<>();
            for (int call = 0; call < 50; call++) {
                calls.add(gateway.get("/"));
            }
            awaitUntil(() -> gateway.metrics.queueDepth() == 50);

            node.releaseStarts();

            await(Future.all(calls));
            assertThat(node.startsAsked()).isEqualTo(1);
        }
    }

    @Test
    void asksTheNextNodeWhenOneRefuses() {
        FakeNode full = new FakeNode("n1", 1);
        full.onStart(start -> new StartOutcome.Refused(StartOutcome.Refusal.NO_CAPACITY, "full"));
        FakeNode free = new FakeNode("n2", 1);
        try (GatewayFixture gateway = new GatewayFixture(full, free).deploy(1, TIMEOUT, 5, "n1", "n2")) {
            assertThat(await(gateway.get("/")).body()).isEqualTo("n2-1");
            assertThat(full.startsAsked()).isEqualTo(1);
        }
    }

    @Test
    void asksAgainWhenTheOnlyNodeRefusedForAMoment() {
        FakeNode node = new FakeNode("n1", 1);
        node.onStart(start -> start < 4
                ? new StartOutcome.Refused(StartOutcome.Refusal.NOT_PREPARED, "unpacking")
                : node.succeed(start));
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 5, "n1")) {
            assertThat(await(gateway.get("/")).body()).isEqualTo("n1-4");
        }
    }

    @Test
    void startsOneOnALocalNodeWithoutAnyPlan() {
        FakeNode node = new FakeNode("n1", 1);
        try (GatewayFixture gateway = new GatewayFixture(node)) {
            gateway.bus.publish(Topics.ROUTES, GatewayFixture.HOST, GatewayFixture.route());
            awaitUntil(() -> !gateway.server.view().routes().isEmpty());

            assertThat(await(gateway.get("/")).body()).isEqualTo("n1-1");
        }
    }

    @Test
    void triesAnotherInstanceWhenOneRefuses() {
        FakeNode node = new FakeNode("n1", 1);
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 5, "n1")) {
            await(gateway.get("/"));
            node.kill("n1-1");

            Answer second = await(gateway.get("/"));

            assertThat(second.status()).isEqualTo(200);
            assertThat(second.body()).isEqualTo("n1-2");
        }
    }

    @Test
    void saysSoWhenEveryInstanceRefuses() {
        FakeNode node = new FakeNode("n1", 1);
        node.onStart(start -> new StartOutcome.Started("never-" + start, 1, FakeNode.TIMING));
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 5, "n1")) {
            Answer answer = await(gateway.get("/"));

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body())
                    .contains("E1406")
                    .contains("%d instances".formatted(LIMITS.attemptsMax()))
                    .contains("instance is gone");
        }
    }

    @Test
    void tellsTheHeldRequestsWhyTheWorkloadDoesNotStart() {
        FakeNode node = new FakeNode("n1", 1);
        Problem problem = Problem.of(ErrorCode.NOT_LISTENING, "revision default/hello-00001 did not listen on 8080");
        node.onStart(start -> new StartOutcome.Failed(problem));
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 5, "n1")) {
            Answer answer = await(gateway.get("/"));

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.headers()).containsEntry("content-type", Problem.MEDIA_TYPE);
            assertThat(answer.headers()).containsKeys("x-invocation-id", "server-timing");
            assertThat(answer.body()).contains("E1203").contains("did not listen on 8080");
            assertThat(node.startsAsked()).isEqualTo(2);
        }
    }

    @Test
    void servesHeldRequestsWhenTheSecondStartSucceeds() {
        FakeNode node = new FakeNode("n1", 1);
        Problem problem = Problem.of(ErrorCode.EXITED_BEFORE_READY, "exited with 1");
        node.onStart(start -> start == 1 ? new StartOutcome.Failed(problem) : node.succeed(start));
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 5, "n1")) {
            assertThat(await(gateway.get("/")).body()).isEqualTo("n1-2");
        }
    }

    @Test
    void usesInstancesThatOthersStarted() {
        FakeNode node = new FakeNode("n1", 1);
        node.succeed(7);
        node.onStart(start -> new StartOutcome.Refused(StartOutcome.Refusal.NO_GRANT, "no"));
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 5, "n1")) {
            Future<Answer> held = gateway.get("/");
            awaitUntil(() -> gateway.metrics.queueDepth() == 1);

            gateway.announce("n1-7", "n1", 1, InstanceEvent.State.READY);

            assertThat(await(held).body()).isEqualTo("n1-7");
            assertThat(node.dispatches().getFirst().cold()).isNull();
        }
    }

    @Test
    void sendsNothingToAnInstanceThatDrains() {
        FakeNode node = new FakeNode("n1", 1);
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 5, "n1")) {
            await(gateway.get("/"));
            gateway.announce("n1-1", "n1", 1, InstanceEvent.State.DRAINING);
            awaitUntil(() -> gateway.server.view().instances().containsKey("n1-1"));

            awaitUntil(() -> await(gateway.get("/")).body().equals("n1-2"));
        }
    }

    @Test
    void answersWith503WhenTheQueueIsFull() {
        FakeNode node = new FakeNode("n1", 1);
        node.keepStartsWaiting();
        HoldLimits small = new HoldLimits(3, 100, 1 << 20, 20_000, 5, 0);
        try (GatewayFixture gateway = new GatewayFixture(small, node).deploy(1, TIMEOUT, 1, "n1")) {
            List<Future<Answer>> held = new ArrayList<>();
            for (int call = 0; call < 3; call++) {
                held.add(gateway.get("/"));
            }
            awaitUntil(() -> gateway.metrics.queueDepth() == 3);

            Answer refused = await(gateway.get("/"));

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers()).containsEntry("retry-after", "1");
            assertThat(refused.body()).contains("E1403").contains("wisp.gateway.queue.depth-max");
            node.releaseStarts();
            await(Future.all(held));
        }
    }

    @Test
    void answersWith504WhenNothingBecameFreeInTime() {
        FakeNode node = new FakeNode("n1", 1);
        node.keepStartsWaiting();
        HoldLimits brief = new HoldLimits(10, 100, 1 << 20, 30, 5, 0);
        try (GatewayFixture gateway = new GatewayFixture(brief, node).deploy(1, TIMEOUT, 1, "n1")) {
            Answer answer = await(gateway.get("/"));

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.body()).contains("E1404").contains("30 ms");
            assertThat(answer.headers().get("server-timing")).startsWith("queue;dur=");
            node.releaseStarts();
        }
    }

    @Test
    void holdsNoLongerThanTheRevisionsOwnTimeout() {
        FakeNode node = new FakeNode("n1", 1);
        node.keepStartsWaiting();
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, Duration.ofMillis(20), 1, "n1")) {
            assertThat(await(gateway.get("/")).body()).contains("20 ms");
            node.releaseStarts();
        }
    }

    @Test
    void forgetsACallerThatLeftWhileHeld() {
        FakeNode node = new FakeNode("n1", 1);
        node.keepStartsWaiting();
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 1, "n1")) {
            Promise<Void> left = Promise.promise();
            gateway.client(new HttpClientOptions())
                    .request(gateway.options(HttpMethod.GET, GatewayFixture.HOST, "/"))
                    .onSuccess(request -> {
                        request.end();
                        gateway.vertx.setPeriodic(2, timer -> {
                            if (gateway.metrics.queueDepth() == 1) {
                                gateway.vertx.cancelTimer(timer);
                                request.connection().close().onComplete(left);
                            }
                        });
                    });
            await(left.future());

            awaitUntil(() -> gateway.metrics.queueDepth() == 0);

            node.releaseStarts();
            assertThat(await(gateway.get("/")).status()).isEqualTo(200);
            assertThat(node.dispatches()).hasSize(1);
        }
    }

    @Test
    void answersHeldRequestsWhenTheRevisionIsDeleted() {
        FakeNode node = new FakeNode("n1", 1);
        node.keepStartsWaiting();
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(1, TIMEOUT, 1, "n1")) {
            Future<Answer> held = gateway.get("/");
            awaitUntil(() -> gateway.metrics.queueDepth() == 1);

            gateway.bus.publish(Topics.REVISIONS, HELLO.toString(), null);

            assertThat(await(held).body()).contains("E1402").contains("was deleted");
            node.releaseStarts();
        }
    }

    @Test
    void neverSendsMoreToAnInstanceThanItsSlotsWhateverHappens() {
        FakeNode node = new FakeNode("n1", 2);
        try (GatewayFixture gateway = new GatewayFixture(node).deploy(2, TIMEOUT, 4, "n1")) {
            Set<Integer> statuses = new HashSet<>();
            List<Future<Answer>> calls = new ArrayList<>();
            for (int call = 0; call < 300; call++) {
                calls.add(gateway.get("/" + call).onSuccess(answer -> statuses.add(answer.status())));
                if (call % 50 == 0) {
                    node.instances().stream().findFirst().ifPresent(node::kill);
                }
            }

            await(Future.all(calls));

            assertThat(statuses).containsOnly(200);
            assertThat(node.inFlightPeak()).isLessThanOrEqualTo(2);
        }
    }
}
