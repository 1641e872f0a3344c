package dev.wisp.controller.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({
        "1,1000",
        "250m,250",
        "0.5,500",
        ".5,500",
        "1.,1000",
        "2e1,20000",
        "1E-1,100",
        "1k,1000000",
        "0,0",
        "1.0001,1001"
    })
    void readsThousandths(String text, long millis) {
        assertThat(Quantities.millis(text)).hasValue(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "256Mi,268435456",
        "1Gi,1073741824",
        "1G,1000000000",
        "1500m,2",
        "64,64",
        "1e6,1000000",
        "8Pi,9007199254740992"
    })
    void readsUnits(String text, long units) {
        assertThat(Quantities.units(text)).hasValue(units);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "abc",
                "-1",
                "1MB",
                "1 Mi",
                "Mi",
                "1e",
                "1e999",
                "9223372036854775807Pi",
                "1_000",
                "0x10"
            })
    void refusesWhatIsNoQuantity(String text) {
        assertThat(Quantities.units(text)).isEmpty();
    }
}
