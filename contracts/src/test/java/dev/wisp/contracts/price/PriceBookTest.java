package dev.wisp.contracts.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceBookTest {

    @ParameterizedTest
    @CsvSource({"-1,0,0,0,0,1", "0,-1,0,0,0,1", "0,0,-1,0,0,1", "0,0,0,-1,0,1", "0,0,0,0,-1,1", "0,0,0,0,0,0"})
    void refusesPricesBelowNothingAndStepsOfNoTime(
            long request, long cpu, long vcpu, long memory, long egress, long incrementMillis) {
        assertThatThrownBy(() -> new PriceBook(
                        7, "USD", Instant.EPOCH, request, cpu, vcpu, memory, egress, incrementMillis, false))
                .hasMessage("price book version=7: prices must be >= 0, incrementMillis >= 1");
    }

    @Test
    void everythingMayBeForNothing() {
        PriceBook free = new PriceBook(7, "USD", Instant.EPOCH, 0, 0, 0, 0, 0, 1, false);

        assertThat(PriceBooks.DEFAULT.with(free).version(7)).isSameAs(free);
        assertThat(PriceBooks.DEFAULT.version(7)).isNull();
    }
}
