package dev.wisp.contracts.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CidrTest {

    @Test
    void readsAndWrites() {
        assertThat(Cidr.parse("203.0.113.0/24")).hasToString("203.0.113.0/24");
        assertThat(Cidr.parse("255.255.255.255")).hasToString("255.255.255.255/32");
        assertThat(Cidr.parse("0.0.0.0/0")).hasToString("0.0.0.0/0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4/33",
                "1.2.3.4/24",
                "0x7f.0.0.1",
                "2130706433",
                "::1",
                "::ffff:127.0.0.1",
                "1.2.3.4/",
                "1.2.3.4 ",
                "localhost"
            })
    void refusesEveryOtherWayToWriteAnAddress(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void containsWhatHasItsLeadingBits() {
        Cidr ten = Cidr.parse("10.0.0.0/8");

        assertThat(ten.contains(Cidr.parse("10.255.0.0/16"))).isTrue();
        assertThat(ten.contains(ten)).isTrue();
        assertThat(ten.contains(Cidr.parse("11.0.0.0/8"))).isFalse();
        assertThat(Cidr.parse("10.0.0.0/16").contains(ten)).isFalse();
        assertThat(Cidr.parse("0.0.0.0/0").contains(Cidr.parse("240.0.0.0/4"))).isTrue();
    }
}
