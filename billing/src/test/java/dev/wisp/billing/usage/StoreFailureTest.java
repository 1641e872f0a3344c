package dev.wisp.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFailureTest {

    @ParameterizedTest
    @ValueSource(strings = {"08006", "53300", "57P01", "57P03", "42P01", "3F000"})
    void knowsAServerThatCannotAnswerNow(String sqlState) {
        assertThat(StoreFailure.isUnavailable(new PgException("away", "FATAL", sqlState, "")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42703", "22003", "23505"})
    void knowsAQuestionThatIsWrong(String sqlState) {
        assertThat(StoreFailure.isUnavailable(new PgException("wrong", "ERROR", sqlState, "")))
                .isFalse();
    }

    @Test
    void looksForTheCause() {
        assertThat(StoreFailure.isUnavailable(new CompletionException(new ConnectException("refused"))))
                .isTrue();
        assertThat(StoreFailure.isUnavailable(new TimeoutException())).isTrue();
        assertThat(StoreFailure.isUnavailable(new IllegalStateException("a defect")))
                .isFalse();
    }
}
