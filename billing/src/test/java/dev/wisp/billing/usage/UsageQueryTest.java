package dev.wisp.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wisp.contracts.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class UsageQueryTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:30Z");

    record Wrong(String parameter, UsageParameters parameters) {

        @Override
        public String toString() {
            return parameter;
        }
    }

    static final List<Wrong> WRONG = List.of(
            new Wrong("namespace", new UsageParameters("No_Name", null, null, null, null, null, null, null, null)),
            new Wrong("service", new UsageParameters(null, "a'; DROP", null, null, null, null, null, null, null)),
            new Wrong("from", new UsageParameters(null, null, "yesterday", null, null, null, null, null, null)),
            new Wrong(
                    "to", new UsageParameters(null, null, null, "99999-01-01T00:00:00Z", null, null, null, null, null)),
            new Wrong("window", new UsageParameters(null, null, null, null, "WEEK", null, null, null, null)),
            new Wrong(
                    "window",
                    new UsageParameters(null, null, "2026-01-01T00:00:00Z", null, "MINUTE", null, null, null, null)),
            new Wrong(
                    "from",
                    new UsageParameters(null, null, "2026-12-01T00:00:00Z", null, "DAY", null, null, null, null)),
            new Wrong("groupBy", new UsageParameters(null, null, null, null, null, "service,colour", null, null, null)),
            new Wrong("groupBy", new UsageParameters(null, null, null, null, null, "label:'; DROP", null, null, null)),
            new Wrong(
                    "groupBy",
                    new UsageParameters(
                            null, null, null, null, null, "label:a,label:b,label:c,label:d", null, null, null)),
            new Wrong("labelSelector", new UsageParameters(null, null, null, null, null, null, "team", null, null)),
            new Wrong(
                    "labelSelector",
                    new UsageParameters(null, null, null, null, null, null, "a=1,b=2,c=3,d=4,e=5,f=6", null, null)),
            new Wrong(
                    "labelSelector",
                    new UsageParameters(null, null, null, null, null, null, "team='; DROP", null, null)));

    @ParameterizedTest
    @FieldSource("WRONG")
    void namesTheParameterThatIsWrong(Wrong wrong) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> UsageQuery.parse(wrong.parameters(), NOW))
                .satisfies(e -> assertThat(e.problem().status()).isEqualTo(422))
                .satisfies(e ->
                        assertThat(e.problem().errors().getFirst().pointer()).isEqualTo("/" + wrong.parameter()));
    }

    @Test
    void widensBoundsToWholeWindows() {
        UsageParameters parameters = new UsageParameters(
                "default",
                "hello",
                "2026-11-01T10:30:00+02:00",
                "2026-11-23T00:00:00Z",
                "day",
                "service,namespace",
                null,
                null,
                null);

        UsageQuery query = UsageQuery.parse(parameters, NOW);

        assertThat(query)
                .isEqualTo(new UsageQuery(
                        "default",
                        "hello",
                        Instant.parse("2026-11-01T00:00:00Z"),
                        Instant.parse("2026-11-23T00:00:00Z"),
                        UsageWindow.DAY,
                        Set.of(UsageGroup.NAMESPACE, UsageGroup.SERVICE)));
    }

    @Test
    void meansTheLastDayInHoursWhenNothingIsSaid() {
        UsageQuery query =
                UsageQuery.parse(new UsageParameters(null, null, null, null, null, null, null, null, null), NOW);

        assertThat(query)
                .isEqualTo(new UsageQuery(
                        null,
                        null,
                        Instant.parse("2026-11-22T11:00:00Z"),
                        Instant.parse("2026-11-23T11:00:00Z"),
                        UsageWindow.HOUR,
                        Set.of()));
    }

    @Test
    void groupsAndSelectsByLabels() {
        UsageQuery query = UsageQuery.parse(
                new UsageParameters(
                        null,
                        null,
                        null,
                        null,
                        "DAY",
                        "service, label:team,label:example.com/cost-centre",
                        "team=shop,env=",
                        null,
                        null),
                NOW);

        assertThat(query.groupBy()).containsExactly(UsageGroup.SERVICE);
        assertThat(query.groupByLabels()).containsExactly("team", "example.com/cost-centre");
        assertThat(query.labels()).isEqualTo(Map.of("team", "shop", "env", ""));
    }

    @Test
    void countsMonthsByTheCalendar() {
        UsageQuery query =
                UsageQuery.parse(new UsageParameters(null, null, null, null, "MONTH", null, null, null, null), NOW);

        assertThat(query.from()).isEqualTo("2025-12-01T00:00:00Z");
        assertThat(query.to()).isEqualTo("2026-12-01T00:00:00Z");
    }
}
