package dev.wisp.gateway.proxy;

import static dev.wisp.gateway.GatewayFixture.HELLO;
import static dev.wisp.gateway.GatewayFixture.await;
import static dev.wisp.gateway.GatewayFixture.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.explain.EndedAttempt;
import dev.wisp.gateway.explain.EndedAttempt.Ending;
import dev.wisp.gateway.explain.TriedCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a gateway keeps of calls that did not simply go through. */
class AttemptsTest {

    private FakeNode node;
    private GatewayFixture gateway;

    @BeforeEach
    void open() {
        node = new FakeNode("n1", 1);
        gateway = new GatewayFixture(node).deployPair(1, node);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void nothingOfACallThatWentThrough() {
        assertThat(await(gateway.get("/")).status()).isEqualTo(200);

        assertThat(kept()).isEmpty();
    }

    @Test
    void whichInstanceBrokeOffBeforeAnotherAnswered() {
        node.breakOff(1);

        assertThat(await(gateway.get("/")).status()).isEqualTo(200);

        TriedCall call = call();
        assertThat(call.revision()).isEqualTo(HELLO);
        assertThat(call.attempts()).isEqualTo(2);
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.end()).isEqualTo("answered");
        EndedAttempt first = only(call);
        assertThat(first.instanceId()).isEqualTo(node.dispatches().getFirst().instanceId());
        assertThat(first.nodeId()).isEqualTo("n1");
        assertThat(first.ending()).isEqualTo(Ending.BROKEN);
        assertThat(first.detail()).isEqualTo("it broke off; 1 of 5 failures in a row");
        assertThat(first.beganMicros()).isNotNegative();
        assertThat(first.tookMicros()).isBetween(0L, call.tookMicros());
    }

    @Test
    void whyACallWasNotMadeAgain() {
        node.breakOff(1);

        assertThat(await(gateway.send(HttpMethod.POST, "/", Buffer.buffer())).status())
                .isEqualTo(502);

        TriedCall call = call();
        assertThat(call.attempts()).isEqualTo(1);
        assertThat(call.status()).isEqualTo(502);
        assertThat(only(call).ending()).isEqualTo(Ending.FAILED);
        assertThat(only(call).detail())
                .isEqualTo("not made again: its method is not idempotent and it has no Idempotency-Key;"
                        + " 1 of 5 failures in a row");
    }

    @Test
    void thatAnInstanceRefused() {
        assertThat(await(gateway.get("/")).status()).isEqualTo(200);
        String first = node.dispatches().getLast().instanceId();
        node.kill(first);

        assertThat(await(gateway.get("/")).status()).isEqualTo(200);

        EndedAttempt refused = only(call());
        assertThat(refused.instanceId()).isEqualTo(first);
        assertThat(refused.ending()).isEqualTo(Ending.REFUSED);
        assertThat(refused.detail()).isEqualTo("instance is gone");
    }

    /** Both cannot be connected to, so that it waits until one of them is tried again. */
    @Test
    void thatItWaitedWhileInstancesWereLeftAlone() {
        node.unconnected("n1-1", true);
        node.unconnected("n1-2", true);
        var answer = gateway.send(HttpMethod.POST, "/", Buffer.buffer());
        awaitUntil(() ->
                gateway.registry.get("wisp.gateway.ejected.instances").gauge().value() == 2);

        node.unconnected("n1-1", false);

        assertThat(await(answer).status()).isEqualTo(200);
        TriedCall call = call();
        assertThat(call.attempts()).isGreaterThanOrEqualTo(3);
        assertThat(call.ended()).extracting(EndedAttempt::ending).containsOnly(Ending.UNCONNECTED);
        assertThat(call.ended().getFirst().detail())
                .isEqualTo("nobody listens; no connection came about: left alone for 200 ms");
        assertThat(call.leftAlone()).contains("of 2 instances are left alone, the last was instance n1-");
    }

    private static EndedAttempt only(TriedCall call) {
        assertThat(call.ended()).hasSize(1);
        return call.ended().getFirst();
    }

    /** A call is written down after its caller has the answer. */
    private TriedCall call() {
        awaitUntil(() -> kept().isPresent());
        return kept().orElseThrow();
    }

    private Optional<TriedCall> kept() {
        return gateway.server.triedCalls().find(node.dispatches().getLast().invocationId());
    }
}
