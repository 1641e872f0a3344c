package dev.wisp.autoscaler.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.ScaleInputs.Scheduled;
import dev.wisp.contracts.revision.ScaleSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SchedulePolicyTest {

    private static final ScaleSchedule OFFICE = new ScaleSchedule(5, "0 8 * * 1-5", "0 18 * * 1-5", "Europe/Berlin");

    /** 2026-11-26 is a Thursday. */
    @ParameterizedTest
    @CsvSource({
        "2026-11-26T06:59:59Z, 0, 2026-11-26T07:00:00Z",
        "2026-11-26T07:00:00Z, 5, 2026-11-26T17:00:00Z",
        "2026-11-26T16:59:59Z, 5, 2026-11-26T17:00:00Z",
        "2026-11-26T17:00:00Z, 0, 2026-11-27T07:00:00Z",
        "2026-11-27T17:00:00Z, 0, 2026-11-30T07:00:00Z",
        "2026-07-01T06:00:00Z, 5, 2026-07-01T16:00:00Z",
    })
    void isOnFromItsStartUntilItsEndInItsTimeZone(Instant now, int instances, Instant until) {
        SchedulePolicy.Phase phase = SchedulePolicy.at(times(OFFICE), now);

        assertThat(instances(phase.scheduled())).isEqualTo(instances);
        assertThat(phase.until()).isEqualTo(until);
    }

    @Test
    void largestOfThoseThatAreOnCounts() {
        ScaleSchedule noon = new ScaleSchedule(9, "0 12 * * *", "0 13 * * *", "Europe/Berlin");

        SchedulePolicy.Phase before = SchedulePolicy.at(times(OFFICE, noon), Instant.parse("2026-11-26T10:00:00Z"));
        SchedulePolicy.Phase during = SchedulePolicy.at(times(OFFICE, noon), Instant.parse("2026-11-26T11:30:00Z"));

        assertThat(before.scheduled())
                .isEqualTo(new Scheduled(
                        5,
                        "schedule '0 8 * * 1-5' to '0 18 * * 1-5' Europe/Berlin",
                        Instant.parse("2026-11-26T17:00:00Z")));
        assertThat(before.until()).isEqualTo(Instant.parse("2026-11-26T11:00:00Z"));
        assertThat(instances(during.scheduled())).isEqualTo(9);
    }

    @Test
    void spanOverMidnightIsOn() {
        ScaleSchedule night = new ScaleSchedule(2, "0 22 * * *", "0 4 * * *", "UTC");

        assertThat(instances(SchedulePolicy.at(times(night), Instant.parse("2026-11-26T01:00:00Z"))
                        .scheduled()))
                .isEqualTo(2);
        assertThat(instances(SchedulePolicy.at(times(night), Instant.parse("2026-11-26T12:00:00Z"))
                        .scheduled()))
                .isZero();
    }

    @Test
    void beginsAfterTheGapWhenClocksAreSetForward() {
        ScaleSchedule early = new ScaleSchedule(2, "30 2 * * *", "0 5 * * *", "Europe/Berlin");
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Instant before = LocalDateTime.of(2026, 3, 29, 1, 59).atZone(berlin).toInstant();

        assertThat(SchedulePolicy.at(times(early), before).until()).isEqualTo(Instant.parse("2026-03-29T01:00:00Z"));
        assertThat(instances(SchedulePolicy.at(times(early), Instant.parse("2026-03-29T01:00:00Z"))
                        .scheduled()))
                .isEqualTo(2);
    }

    @Test
    void staysOnWhenClocksAreSetBackOverItsStart() {
        ScaleSchedule early = new ScaleSchedule(2, "30 2 * * *", "0 5 * * *", "Europe/Berlin");
        Instant firstHalfPastTwo = Instant.parse("2026-10-25T00:30:00Z");

        for (int minutes = 0; minutes < 210; minutes++) {
            assertThat(instances(SchedulePolicy.at(times(early), firstHalfPastTwo.plus(Duration.ofMinutes(minutes)))
                            .scheduled()))
                    .isEqualTo(2);
        }
        assertThat(instances(SchedulePolicy.at(times(early), Instant.parse("2026-10-25T04:00:00Z"))
                        .scheduled()))
                .isZero();
    }

    @Test
    void clockAsksAgainWhenAPhaseEndsAndWhenTimeWasSetBack() {
        ScheduleClock clock = new ScheduleClock(List.of(OFFICE));

        assertThat(instances(clock.at(Instant.parse("2026-11-26T07:00:00Z")))).isEqualTo(5);
        assertThat(instances(clock.at(Instant.parse("2026-11-26T17:00:00Z")))).isZero();
        assertThat(instances(clock.at(Instant.parse("2026-11-26T09:00:00Z")))).isEqualTo(5);
        assertThat(clock.isTicking()).isTrue();
    }

    @Test
    void whatIsNotUnderstoodIsPassedOver() {
        ScheduleClock clock = new ScheduleClock(List.of(
                new ScaleSchedule(3, "nonsense", "0 5 * * *", "UTC"),
                new ScaleSchedule(3, "0 4 * * *", "0 5 * * *", "Europe/Atlantis")));

        assertThat(clock.isTicking()).isFalse();
        assertThat(clock.at(Instant.parse("2026-11-26T04:30:00Z"))).isNull();
    }

    private static int instances(@Nullable Scheduled scheduled) {
        return scheduled == null ? 0 : scheduled.instances();
    }

    private static List<ScheduleTimes> times(ScaleSchedule... schedules) {
        return Stream.of(schedules)
                .map(schedule -> ScheduleTimes.read(schedule).orElseThrow())
                .toList();
    }
}
