package dev.wisp.bench.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.bench.http.HttpAnswer;
import dev.wisp.bench.ledger.Attempt.Ending;
import dev.wisp.bench.ledger.Attempt.Span;
import dev.wisp.bench.ledger.LedgerCheck.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LedgerCheckTest {

    /** When ids were made here: their time is 0. */
    private static final Span SPAN = new Span(0, 10);

    private final List<Attempt> attempts = new ArrayList<>();
    private final List<LedgerRecord> records = new ArrayList<>();

    @Test
    void isCleanWhenEveryAnswerHasItsRecord() {
        answered(1);
        recorded(1);
        answered(2);
        recorded(2);

        Verdict verdict = check();

        assertThat(verdict).isEqualTo(new Verdict(2, 0, 0, 2, 0, 0, 0, List.of()));
    }

    @Test
    void findsAMissingRecord() {
        answered(1);

        assertThat(check().violations()).singleElement().asString().startsWith("1 answered calls have no record");
    }

    @Test
    void findsADoubledRecord() {
        answered(1);
        recorded(1);
        recorded(1);

        assertThat(check().violations()).singleElement().asString().startsWith("1 records are there twice");
    }

    @Test
    void findsAnotherPriceThanTheAnswerSaid() {
        answered(1);
        records.add(new LedgerRecord(id(1), "SUCCESS", 200, 1, 100, 200_001));

        assertThat(check().violations()).singleElement().asString().startsWith("1 records differ");
    }

    @Test
    void findsTotalsThatAreNotTheSums() {
        answered(1);
        recorded(1);

        Verdict verdict = LedgerCheck.check(attempts, records, Totals.of(List.of()));

        assertThat(verdict.violations()).singleElement().asString().startsWith("usage says");
    }

    @Test
    void allowsRecordsOfUnfinishedCallsAndNoMore() {
        attempts.add(Attempt.unanswered(true, SPAN));
        attempts.add(Attempt.unanswered(false, SPAN));
        recorded(1);
        assertThat(check().isClean()).isTrue();

        recorded(2);

        assertThat(check().violations())
                .singleElement()
                .asString()
                .startsWith("1 records belong to no call that was made: [" + id(2));
    }

    /** As many records as unfinished calls, and yet one that is nobody's. */
    @Test
    void findsARecordOfNoCallBesideCallsThatLeftNone() {
        attempts.add(new Attempt(id(1), 200, Ending.BROKEN, true, 1, 200_000, SPAN));
        attempts.add(new Attempt(id(2), 503, Ending.WHOLE, false, -1, -1, SPAN));
        recorded(1);
        recorded(3);

        assertThat(check().violations())
                .singleElement()
                .asString()
                .startsWith("1 records belong to no call that was made: [" + id(3));
    }

    @Test
    void aRecordThatNobodyHeardOfIsOfACallThatWasUnderWayThen() {
        attempts.add(Attempt.unanswered(true, new Span(10_000, 30_000)));
        attempts.add(Attempt.unanswered(true, new Span(10_000, 20_000)));
        recordedAt(25_000);
        recordedAt(15_000);
        assertThat(check().isClean()).isTrue();

        attempts.set(0, Attempt.unanswered(true, new Span(10_000, 24_000)));

        assertThat(check().violations()).singleElement().asString().startsWith("1 records belong to no call");
    }

    @Test
    void allowsAnUnfinishedCallWithoutARecord() {
        attempts.add(new Attempt(id(1), 200, Ending.BROKEN, true, 1, 200_000, SPAN));
        attempts.add(new Attempt(id(2), 503, Ending.WHOLE, false, -1, -1, SPAN));

        assertThat(check()).isEqualTo(new Verdict(0, 2, 0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void findsABilledPlatformError() {
        attempts.add(Attempt.unanswered(true, SPAN));
        records.add(new LedgerRecord(id(1), "PLATFORM_ERROR", 0, 1, 0, 5));

        assertThat(check().violations()).singleElement().asString().startsWith("1 platform errors are billed");
    }

    @Test
    void anAttemptSurvivesTheLog() {
        Attempt attempt = Attempt.of(
                new HttpAnswer(
                        200,
                        Map.of(
                                "x-invocation-id", id(7).toString(),
                                "x-billed-duration-ms", "3",
                                "x-cost", "0.000000200312 USD"),
                        5,
                        true,
                        10,
                        20),
                SPAN);

        assertThat(attempt).isEqualTo(new Attempt(id(7), 200, Ending.WHOLE, true, 3, 200_312, SPAN));
        assertThat(Attempt.parse(attempt.line().strip())).isEqualTo(attempt);
        assertThat(Attempt.parse(Attempt.unanswered(true, SPAN).line().strip()))
                .isEqualTo(Attempt.unanswered(true, SPAN));
    }

    private Verdict check() {
        return LedgerCheck.check(attempts, records, Totals.of(records));
    }

    private void answered(int number) {
        attempts.add(new Attempt(id(number), 200, Ending.WHOLE, true, 1, 200_000, SPAN));
    }

    private void recordedAt(long millis) {
        records.add(new LedgerRecord(new UUID(millis << 16, 1), "PLATFORM_ERROR", 0, 0, 0, 0));
    }

    private void recorded(int number) {
        records.add(new LedgerRecord(id(number), "SUCCESS", 200, 1, 100, 200_000));
    }

    private static UUID id(int number) {
        return new UUID(0, number);
    }
}
