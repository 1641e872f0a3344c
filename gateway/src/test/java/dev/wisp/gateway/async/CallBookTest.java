package dev.wisp.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.bus.Partitions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallBookTest {

    private static final Instant NOW = Calls.NOW;
    private final CallBook book = new CallBook();

    @Test
    void onlyItsOwnerMakesACall() {
        book.told("a", Calls.pending("a", "acc", "hello", NOW));
        assertThat(taken(NOW)).isNull();

        book.own(Partitions.of("a", 8), 8);
        assertThat(taken(NOW)).isEqualTo("a");
    }

    @Test
    void aCallUnderWayIsNotTakenTwiceAndAnOldValueReadLateDoesNotBringItBack() {
        own();
        AsyncInvocation call = Calls.pending("a", "acc", "hello", NOW);
        AsyncInvocation over = Calls.over("a", "acc", 1, NOW.plusSeconds(9));
        book.told("a", call);
        assertThat(taken(NOW)).isEqualTo("a");

        book.told("a", call);
        assertThat(taken(NOW)).isNull();

        book.written(call, over);
        assertThat(taken(NOW)).as("the topic has not told its end yet").isNull();
        assertThat(book.inFlight()).isZero();

        book.told("a", over);
        assertThat(taken(NOW)).isNull();
        assertThat(book.find("a")).isEqualTo(over);
    }

    @Test
    void aRetryIsTakenWhenItIsDueAndToldByTheTopic() {
        own();
        AsyncInvocation call = Calls.pending("a", "acc", "hello", NOW);
        AsyncInvocation again = Calls.pending("a", "acc", "hello", NOW.plusSeconds(5));
        book.told("a", call);
        taken(NOW);
        book.told("a", again);
        book.written(call, again);

        assertThat(taken(NOW)).isNull();
        assertThat(book.take(NOW, 8, any -> 8).lookAt()).isEqualTo(NOW.plusSeconds(5));
        assertThat(taken(NOW.plusSeconds(5))).isEqualTo("a");
    }

    @Test
    void servicesTakeTurnsAndNoneHasMoreUnderWayThanItMay() {
        own();
        for (int i = 0; i < 9; i++) {
            book.told("busy" + i, Calls.pending("busy" + i, "acc", "busy", NOW));
        }
        book.told("calm", Calls.pending("calm", "acc", "calm", NOW));

        assertThat(taken(NOW)).startsWith("busy");
        assertThat(taken(NOW)).isEqualTo("calm");
        assertThat(taken(NOW)).startsWith("busy");
        assertThat(taken(NOW)).as("two of one service are under way").isNull();
        assertThat(book.inFlight()).isEqualTo(3);
    }

    @Test
    void countsWhatIsAcceptedUntilTheTopicTellsOfItAndForgetsWhatWasNotStored() {
        reserve("a", 1_000);
        reserve("b", 1_000);
        assertThat(book.calls()).isEqualTo(2);
        assertThat(book.isAccepted("a")).isTrue();

        book.cancel("b");
        book.told("a", Calls.pending("a", "acc", "hello", NOW));
        assertThat(book.calls()).isOne();
        assertThat(book.isAccepted("a")).isFalse();

        book.told("a", Calls.over("a", "acc", 10, NOW.plusSeconds(1)));
        assertThat(book.calls()).isZero();
        assertThat(book.results()).isOne();

        book.told("a", null);
        assertThat(book.results()).isZero();
    }

    @Test
    void refusesBeyondTheBounds() {
        for (int i = 0; i < 50; i++) {
            assertThat(reserve("a" + i, 1)).isEqualTo(AcceptPolicy.Verdict.STORE);
        }
        assertThat(reserve("a50", 1)).isEqualTo(AcceptPolicy.Verdict.ACCOUNT_FULL);
    }

    @Test
    void aFormerOwnerTakesNoMore() {
        own();
        book.told("a", Calls.pending("a", "acc", "hello", NOW));
        for (int partition = 0; partition < 8; partition++) {
            book.disown(partition);
        }

        assertThat(taken(NOW)).isNull();
    }

    private AcceptPolicy.Verdict reserve(String id, long bytes) {
        return book.reserve(new CallBook.Reservation(id, "acc", bytes), Calls.SETTINGS);
    }

    private void own() {
        for (int partition = 0; partition < 8; partition++) {
            book.own(partition, 8);
        }
    }

    private @Nullable String taken(Instant now) {
        AsyncInvocation due = book.take(now, 8, any -> 2).due();
        return due == null ? null : due.id();
    }
}
