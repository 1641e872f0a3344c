package dev.wisp.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNameTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "hello.default.localhost,           hello.default.localhost",
                "hello.default.localhost:8080,      hello.default.localhost",
                "HELLO.Default.localhost:8080,      hello.default.localhost",
                "hello.default.localhost.,          hello.default.localhost",
                "hello.default.localhost.:8080,     hello.default.localhost",
                "hello.default.localhost:,          hello.default.localhost",
                "under_score.a,                     under_score.a",
                "[::1]:8080,                        [::1]",
                "[2001:DB8::1],                     [2001:db8::1]",
                "127.0.0.1:80,                      127.0.0.1",
                "'',                                -",
                ".,                                 -",
                ":80,                               -",
                ".leading.dot,                      -",
                "two..dots,                         -",
                "space in.name,                     -",
                "user@hello.default.localhost,      -",
                "hello.default.localhost:80x,       -",
                "hello.default.localhost:8080123,   -",
                "hello.default.localhost:80:80,     -",
                "hello/../other,                    -",
                "[::1,                              -",
                "[],                                -",
                "[::1]x,                            -",
                "[zz::1],                           -",
                "h\u00e9llo.default.localhost,      -",
            })
    void bringsHostsIntoOneForm(String authority, @Nullable String expected) {
        assertThat(HostName.normalise(authority)).isEqualTo(expected);
    }

    @Test
    void refusesAbsentAndEndlessNames() {
        assertThat(HostName.normalise(null)).isNull();
        assertThat(HostName.normalise("a".repeat(300))).isNull();
    }

    @Test
    void returnsTheSameObjectWhenNothingChanges() {
        String host = "hello.default.localhost";

        assertThat(HostName.normalise(host)).isSameAs(host);
    }
}
