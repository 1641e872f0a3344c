package dev.wisp.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FractionTest {

    @ParameterizedTest
    @CsvSource({"1,2,0", "3,2,2", "5,2,2", "-1,2,0", "-3,2,-2", "-5,2,-2", "7,3,2", "8,3,3", "-8,3,-3", "4,2,2", "0,9,0"
    })
    void roundsToTheNearestAndHalvesToTheEven(long numerator, long denominator, long rounded) {
        assertThat(fraction(numerator, denominator).roundHalfEven()).isEqualTo(BigInteger.valueOf(rounded));
    }

    @Test
    void equalAmountsAreEqual() {
        assertThat(fraction(2, 4)).isEqualTo(fraction(1, 2));
        assertThat(fraction(0, 4)).isEqualTo(Fraction.ZERO);
    }

    @Test
    void addsSubtractsAndMultipliesExactly() {
        assertThat(fraction(1, 3).plus(fraction(1, 6))).isEqualTo(fraction(1, 2));
        assertThat(fraction(1, 3).minus(fraction(1, 2))).isEqualTo(fraction(-1, 6));
        assertThat(fraction(1, 3).times(BigInteger.TWO)).isEqualTo(fraction(2, 3));
        assertThat(fraction(1, 3).dividedBy(BigInteger.TWO)).isEqualTo(fraction(1, 6));
        assertThat(fraction(-1, 3).signum()).isEqualTo(-1);
        assertThat(Fraction.of(3).signum()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"0", "-1"})
    void refusesADenominatorThatIsNotPositive(long denominator) {
        assertThatThrownBy(() -> fraction(1, denominator)).hasMessageContaining("denominator=" + denominator);
    }

    private static Fraction fraction(long numerator, long denominator) {
        return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }
}
