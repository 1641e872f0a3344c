package dev.wisp.contracts.price;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0.00",
        "200312, 0.000000200312",
        "1000000000000, 1.00",
        "1500000000000, 1.50",
        "123456789000000, 123.456789",
        "-200000, -0.0000002"
    })
    void writesPlainDecimals(long picos, String text) {
        assertThat(Money.decimal(picos)).isEqualTo(text);
    }
}
