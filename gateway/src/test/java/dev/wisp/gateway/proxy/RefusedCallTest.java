package dev.wisp.gateway.proxy;

import static dev.wisp.gateway.GatewayFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.dataplane.RefusedCall;
import dev.wisp.contracts.dataplane.RequestMethod;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.GatewayFixture.Answer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a caller's trace hears of calls that the gateway answers itself. */
@Timeout(60)
class RefusedCallTest {

    private static final String CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final FakeNode node = new FakeNode("n1", 10);
    private final GatewayFixture gateway = new GatewayFixture(node);

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void isToldToTheNodeOfThisProcessWhenItsCallerTracesIt() {
        Answer answer = ask(List.of(CALLER));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(node.refused()).singleElement().satisfies(call -> {
            assertThat(call)
                    .extracting(RefusedCall::method, RefusedCall::traceparent, RefusedCall::status, RefusedCall::code)
                    .containsExactly(RequestMethod.GET, CALLER, 404, ErrorCode.NO_SUCH_HOST.code());
            assertThat(answer.body()).contains(call.invocationId().toString());
            assertThat(call.micros()).isNotNegative();
        });
    }

    @Test
    void isNotToldOfWhenNobodyTracesItOrTwoSayThatTheyDo() {
        ask(List.of());
        ask(List.of(CALLER, CALLER));

        assertThat(node.refused()).isEmpty();
    }

    private Answer ask(List<String> traceparents) {
        return await(gateway.client(new HttpClientOptions())
                .request(gateway.options(HttpMethod.GET, "nobody", "/"))
                .compose(request -> {
                    traceparents.forEach(value -> request.headers().add("traceparent", value));
                    return GatewayFixture.answered(request.send());
                }));
    }
}
