package dev.wisp.node.sandbox;

import static dev.wisp.node.network.PrivateInternet.BULK_PORT;
import static dev.wisp.node.network.PrivateInternet.ECHO_PORT;
import static dev.wisp.node.network.PrivateInternet.GREETING_PORT;
import static dev.wisp.node.network.PrivateInternet.SINK_PORT;
import static dev.wisp.node.network.PrivateInternet.WORLD;
import static dev.wisp.node.network.PrivateInternet.WORLD_IPV6;
import static dev.wisp.node.sandbox.EgressFixture.BOTH;
import static dev.wisp.node.sandbox.EgressFixture.CONNECTIONS_MAX;
import static dev.wisp.node.sandbox.EgressFixture.PUBLIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.network.EgressConfig;
import dev.wisp.node.network.PrivateInternet;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a sandbox with egress may take of the network: every bound is passed, and holds. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class EgressLimitsIT extends EgressCase {

    @Test
    void connectionsAreCounted() {
        Sandbox sandbox = egress.start("a", PUBLIC);

        assertThat(egress.ask(sandbox, "many " + WORLD + " " + GREETING_PORT + " " + 2 * CONNECTIONS_MAX))
                .isEqualTo(Integer.toString(CONNECTIONS_MAX));
    }

    @Test
    void connectionsAreCountedByIpv6() {
        assertThat(egress.ask(
                        egress.start("a", BOTH),
                        "many " + WORLD_IPV6 + " " + GREETING_PORT + " " + 2 * CONNECTIONS_MAX))
                .isEqualTo(Integer.toString(CONNECTIONS_MAX));
    }

    /** A lower bound: a slow machine can only make it longer. */
    @Test
    void bytesComeAsSlowlyAsTheyMust() {
        Sandbox sandbox = egress.start("a", PUBLIC);
        long begin = System.nanoTime();

        assertThat(egress.tcp(sandbox, WORLD, BULK_PORT)).endsWith(" " + PrivateInternet.BULK_BYTES);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1500));
    }

    /** The other way: what a sandbox sends. */
    @Test
    void bytesGoAsSlowlyAsTheyMust() {
        Sandbox sandbox = egress.start("a", PUBLIC);
        long begin = System.nanoTime();

        assertThat(egress.ask(sandbox, "send %s %d %d".formatted(WORLD, SINK_PORT, PrivateInternet.BULK_BYTES)))
                .isEqualTo(Integer.toString(PrivateInternet.BULK_BYTES));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1500));
    }

    @Test
    void flowsOfDatagramsAreCountedAsConnectionsAre() {
        Sandbox sandbox = egress.start("a", PUBLIC);

        assertThat(Datagrams.from(sandbox, 2 * CONNECTIONS_MAX).answered()).isEqualTo(CONNECTIONS_MAX);
    }

    /** With a lower rate than by default, so that a slow machine sends more than it allows too; a second's worth comes at once. */
    @Test
    void connectionsBegunInASecondAreCounted() throws IOException {
        int rate = 50;
        int wanted = 1_000;
        try (EgressFixture slow =
                EgressFixture.open("egressrate", new EgressConfig.Limits(2 * wanted, rate, 25_000_000))) {
            Datagrams few = Datagrams.from(slow, slow.start("a", PUBLIC), rate / 2);
            Datagrams many = Datagrams.from(slow, slow.start("a", PUBLIC), wanted);

            assertThat(few.answered()).isEqualTo(rate / 2);
            assertThat(many.sent()).isEqualTo(wanted);
            assertThat(many.answered()).isBetween(rate, (int) (rate + rate * (many.millis() + 100) / 1000));
        }
    }

    /** Sent to the world from a socket each, and how many came back. */
    private record Datagrams(int sent, int answered, long millis) {

        static Datagrams from(Sandbox sandbox, int wanted) {
            return from(egress, sandbox, wanted);
        }

        static Datagrams from(EgressFixture from, Sandbox sandbox, int wanted) {
            String[] said = from.ask(sandbox, "datagrams %s %d %d 300".formatted(WORLD, ECHO_PORT, wanted))
                    .split(" ");
            return new Datagrams(Integer.parseInt(said[0]), Integer.parseInt(said[1]), Long.parseLong(said[2]));
        }
    }
}
