package dev.wisp.contracts.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.bus.WireJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceBooksTest {

    private static final PriceBooks BOOKS = PriceBooks.DEFAULT
            .with(book(2, "2026-12-01T00:00:00Z"))
            .with(book(3, "2027-02-01T00:00:00Z"))
            .with(book(4, "2027-01-01T00:00:00Z"))
            .with(book(5, "2027-01-01T00:00:00Z"));

    @ParameterizedTest
    @CsvSource({
        "2026-11-30T23:59:59.999999Z, 1",
        "2026-12-01T00:00:00Z, 2",
        "2026-12-31T23:59:59Z, 2",
        "2027-01-01T00:00:00Z, 5",
        "2027-02-01T00:00:00Z, 3",
        "2100-01-01T00:00:00Z, 3"
    })
    void theVersionThatBeganLastIsInForce(Instant receivedAt, int version) {
        assertThat(BOOKS.at(receivedAt).version()).isEqualTo(version);
    }

    @Test
    void beforeTheFirstThereAreNoPrices() {
        assertThatThrownBy(() -> PriceBooks.DEFAULT.at(Instant.EPOCH.minusNanos(1)))
                .hasMessage("no prices at 1969-12-31T23:59:59.999999999Z");
    }

    @Test
    void travelsAndReadsWhatAnOlderBillingWrote() {
        String before =
                "{\"version\":7,\"currency\":\"EUR\",\"effectiveFrom\":\"2026-12-01T00:00:00Z\",\"perRequestPicos\":1,"
                        + "\"perCpuSecondPicos\":2,\"perGibSecondPicos\":3,\"incrementMillis\":10,\"startBilled\":true}";

        PriceBook book = WireJson.read(before.getBytes(StandardCharsets.UTF_8), PriceBook.class);

        assertThat(book)
                .isEqualTo(new PriceBook(7, "EUR", Instant.parse("2026-12-01T00:00:00Z"), 1, 2, 0, 3, 0, 10, true));
        assertThat(WireJson.read(WireJson.write(book), PriceBook.class)).isEqualTo(book);
    }

    private static PriceBook book(int version, String effectiveFrom) {
        return new PriceBook(version, "USD", Instant.parse(effectiveFrom), 0, 0, 0, 0, 0, 1, false);
    }
}
