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
        assertThat(Cidr.parse("2001:DB8::/32")).hasToString("2001:db8::/32");
        assertThat(Cidr.parse("2001:db8:0:1:0:0:0:7")).hasToString("2001:db8:0:1::7/128");
        assertThat(Cidr.parse("::/0")).hasToString("::/0");
        assertThat(Cidr.parse("64:ff9b::198.51.100.7")).hasToString("64:ff9b::c633:6407/128");
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
                ":",
                ":::",
                "1::2::3",
                "::ffff:127.0.0.1",
                "::ffff:7f00:1",
                "fe80::1%1",
                "[::1]",
                "2001:db8::/129",
                "2001:db8::1/64",
                "2001:db8:0:0:0:0:0:0:0",
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
        assertThat(Cidr.parse("2000::/3").contains(Cidr.parse("3fff::/20"))).isTrue();
        assertThat(Cidr.parse("2000::/3").contains(Cidr.parse("4000::/3"))).isFalse();
        assertThat(Cidr.parse("::/0").contains(Cidr.parse("10.0.0.0/8"))).isFalse();
    }

    @Test
    void countsItsAddresses() {
        assertThat(Cidr.text(Cidr.parse("198.19.0.0/16").at(65_535))).isEqualTo("198.19.255.255");
        assertThat(Cidr.text(Cidr.parse("2001:db8::ff00/120").at(255))).isEqualTo("2001:db8::ffff");
        assertThat(Cidr.text(Cidr.parse("2001:db8::ffff").at(1))).isEqualTo("2001:db8::1:0");
    }

    /** Between them the lists leave of IPv6 what is given out. */
    @Test
    void everythingOfIpv6ButWhatIsGivenOutIsSetApart() {
        for (int first = 0; first < 256; first++) {
            Cidr range = Cidr.parse("%02x00::/8".formatted(first));
            boolean apart =
                    AddressRanges.isIn(AddressRanges.NEVER, range) || AddressRanges.isIn(AddressRanges.PRIVATE, range);

            assertThat(apart).as(range.toString()).isEqualTo(first >>> 5 != 1);
        }
    }
}
