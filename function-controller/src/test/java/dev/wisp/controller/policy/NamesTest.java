package dev.wisp.controller.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "hello", "a-b", "0", "a0-9z"})
    void takesDnsLabels(String text) {
        assertThat(Names.isDnsLabel(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a.b", "a_b", "é", "a\n", "../x"})
    void refusesOtherNames(String text) {
        assertThat(Names.isDnsLabel(text)).isFalse();
    }

    @Test
    void boundsTheLengthOfALabel() {
        assertThat(Names.isDnsLabel("a".repeat(63))).isTrue();
        assertThat(Names.isDnsLabel("a".repeat(64))).isFalse();
    }

    @Test
    void namesRevisionsInOrder() {
        assertThat(Names.revision("hello", 7)).isEqualTo("hello-00007");
        assertThat(Names.revision("hello", 123_456)).isEqualTo("hello-123456");
    }

    @Test
    void keepsRevisionNamesOfLongServicesApartAndValid() {
        String one = Names.revision("a".repeat(62) + "b", 1);
        String other = Names.revision("a".repeat(62) + "c", 1);

        assertThat(one).isNotEqualTo(other);
        assertThat(Names.isDnsLabel(one)).isTrue();
    }
}
