package dev.wisp.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.async.AsyncTarget;
import dev.wisp.contracts.async.AsyncTarget.Kind;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.async.AcceptPolicy.Backlog;
import dev.wisp.gateway.async.AcceptPolicy.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {

    @Test
    void oneAccountGetsItsShareAndAllTogetherTheWhole() {
        assertThat(accept(new Backlog(49, 0, 49, 0), 1)).isEqualTo(Verdict.STORE);
        assertThat(accept(new Backlog(50, 0, 50, 0), 1)).isEqualTo(Verdict.ACCOUNT_FULL);
        assertThat(accept(new Backlog(99, 0, 49, 0), 1)).isEqualTo(Verdict.STORE);
        assertThat(accept(new Backlog(100, 0, 0, 0), 1)).isEqualTo(Verdict.FULL);
        assertThat(accept(new Backlog(1, 1 << 20, 1, 1 << 20), 1 << 20)).isEqualTo(Verdict.STORE);
        assertThat(accept(new Backlog(1, 2 << 20, 1, 2 << 20), 1)).isEqualTo(Verdict.ACCOUNT_FULL);
        assertThat(accept(new Backlog(1, 4 << 20, 0, 0), 1)).isEqualTo(Verdict.FULL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "respond-async                  | true",
                "Respond-Async                  | true",
                "wait=10, respond-async         | true",
                "respond-async; foo=bar         | true",
                "return=minimal;a=b,respond-async,x | true",
                "respond-asynchronously         | false",
                "wait=\"respond-async\"         | false",
                "return=minimal                 | false",
                "''                             | false",
                ",,                             | false"
            })
    void onlyThePreferenceItselfIsHonoured(String value, boolean async) {
        assertThat(Preference.isAsync(value)).isEqualTo(async);
    }

    @Test
    void halfOfBoundedSlotsStayFree() {
        assertThat(InFlightPolicy.max(null, 16)).isEqualTo(16);
        assertThat(InFlightPolicy.max(GatewayFixture.spec(0, Duration.ofSeconds(1)), 16))
                .isEqualTo(16);
        assertThat(InFlightPolicy.max(GatewayFixture.spec(1, Duration.ofSeconds(1)), 16))
                .as("unbounded scale")
                .isEqualTo(16);
    }

    @Test
    void whoIsToldIsAServiceOrAUrlAndWhatIsToldIsToldNobody() {
        AsyncCall call = Calls.call(new AsyncSpec(0, 1_000, "audit", "https://hooks.example/f"), Calls.NOW);

        assertThat(DestinationPolicy.destination(call, true)).isEqualTo(new AsyncTarget(Kind.SERVICE, "audit"));
        assertThat(DestinationPolicy.destination(call, false))
                .isEqualTo(new AsyncTarget(Kind.WEBHOOK, "https://hooks.example/f"));
        assertThat(DestinationPolicy.destination(Calls.call(AsyncSpec.DEFAULT, Calls.NOW), true))
                .isNull();
        AsyncCall telling = new AsyncCall(
                new AsyncTarget(Kind.SERVICE, "audit"),
                "POST",
                "/",
                List.of(),
                call.body(),
                call.terms(),
                0,
                0,
                "id",
                Calls.NOW,
                null);
        assertThat(DestinationPolicy.destination(telling, true)).isNull();
    }

    @Test
    void resultsGoWhenTheirTimeIsOverAndTheOldestOfWhomTakesTooMuch() {
        AsyncInvocation old = Calls.over("old", "a", 100, Calls.NOW);
        AsyncInvocation first = Calls.over("first", "a", 10_000, Calls.NOW.plusSeconds(1));
        AsyncInvocation second = Calls.over("second", "b", 10_000, Calls.NOW.plusSeconds(2));
        AsyncInvocation third = Calls.over("third", "a", 10_000, Calls.NOW.plusSeconds(3));
        List<AsyncInvocation> results = List.of(third, second, first, old);

        assertThat(ResultPolicy.forgettable(results, 1 << 20, 1 << 20, Calls.NOW))
                .containsExactly("old");
        assertThat(ResultPolicy.forgettable(results, 1 << 20, 12_000, Calls.NOW))
                .containsExactly("old", "first");
        assertThat(ResultPolicy.forgettable(results, 12_000, 1 << 20, Calls.NOW))
                .containsExactly("old", "first", "second");
    }

    private static Verdict accept(Backlog backlog, long bytes) {
        return AcceptPolicy.decide(backlog, bytes, Calls.SETTINGS);
    }
}
