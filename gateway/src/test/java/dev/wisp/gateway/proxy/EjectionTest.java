package dev.wisp.gateway.proxy;

import static dev.wisp.gateway.GatewayFixture.await;
import static dev.wisp.gateway.GatewayFixture.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Instances that no answer comes from are left alone for a while, and tried again. */
class EjectionTest {

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
    void sendsNothingToAnInstanceThatFailedFiveTimesAndTriesItAgainLater() {
        String bad = instanceOf(post());
        node.breakAt(bad);
        for (int call = 0; call < 5; call++) {
            assertThat(post()).isEqualTo(502);
        }
        awaitUntil(() -> ejected() == 1);

        assertThat(post()).isEqualTo(200);
        assertThat(last().instanceId()).isNotEqualTo(bad);

        node.breakAt("");
        awaitUntil(() -> post() == 200 && last().instanceId().equals(bad));
        awaitUntil(() -> ejected() == 0);
    }

    @Test
    void countsNoInstanceThatIsGone() {
        node.breakAt(instanceOf(post()));
        for (int call = 0; call < 5; call++) {
            post();
        }
        awaitUntil(() -> ejected() == 1);

        gateway.announce("n1-1", "n1", 1, InstanceEvent.State.GONE);
        gateway.announce("n1-2", "n1", 1, InstanceEvent.State.GONE);

        awaitUntil(() -> ejected() == 0);
    }

    /** The workload's own answers say nothing about the instance. */
    @Test
    void aWorkloadsOwnErrorsEjectNobody() {
        node.workload((request, dispatch) -> {
            request.resume();
            return request.response().setStatusCode(500).end("mine");
        });

        for (int call = 0; call < 20; call++) {
            assertThat(post()).isEqualTo(500);
        }

        assertThat(ejected()).isZero();
        assertThat(node.dispatches().stream().map(Dispatch::instanceId).distinct())
                .hasSize(1);
    }

    /** It is not forgotten: a moment later it is asked again, and serves. */
    @Test
    void comesBackToAnInstanceThatCouldNotBeConnectedTo() {
        node.unconnected("n1-1", true);
        node.unconnected("n1-2", true);
        var answer = gateway.send(HttpMethod.POST, "/", Buffer.buffer());
        awaitUntil(() -> ejected() == 2);
        assertThat(node.startsAsked()).isZero();

        node.unconnected("n1-1", false);

        assertThat(await(answer).status()).isEqualTo(200);
        assertThat(List.of(last().instanceId())).containsExactly("n1-1");
    }

    private int post() {
        return await(gateway.send(HttpMethod.POST, "/", Buffer.buffer())).status();
    }

    private String instanceOf(int status) {
        assertThat(status).isEqualTo(200);
        return last().instanceId();
    }

    private Dispatch last() {
        return node.dispatches().getLast();
    }

    private double ejected() {
        return gateway.registry.get("wisp.gateway.ejected.instances").gauge().value();
    }
}
