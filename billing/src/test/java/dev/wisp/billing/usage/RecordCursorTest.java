package dev.wisp.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wisp.contracts.problem.ProblemException;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCursorTest {

    @Test
    void comesBackAsItWas() {
        RecordCursor cursor =
                new RecordCursor(LocalDate.of(2026, 11, 23), UUID.fromString("019ab011-7f6c-7c9e-b1a5-1c8a2f1e9d10"));

        assertThat(RecordCursor.parse(cursor.encode())).isEqualTo(cursor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAA", "not base 64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void refusesWhatNoAnswerGave(String text) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> RecordCursor.parse(text))
                .withMessageContaining("cursor=");
    }
}
