package dev.wisp.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The listing is what it says: labels are where its jumps lead, and its numbers are the layout's. */
final class X8664Test {

    private final byte[] code = new X8664().code();

    @Test
    void jumpsLeadToTheirLabels() {
        assertThat(jumpAt(0x0a)).isEqualTo(X8664.offsetOf("child"));
        assertThat(jumpAt(0x33)).isEqualTo(X8664.offsetOf("call"));
        assertThat(jumpAt(0x53)).isEqualTo(X8664.offsetOf("judge"));
        assertThat(jumpAt(0x5e)).isEqualTo(X8664.offsetOf("row"));
        assertThat(jumpAt(0x60)).isEqualTo(X8664.offsetOf("next"));
        assertThat(jumpAt(0x69)).isEqualTo(X8664.offsetOf("next"));
        assertThat(jumpAt(0x71)).isEqualTo(X8664.offsetOf("next"));
        assertThat(jumpAt(0x79)).isEqualTo(X8664.offsetOf("fail"));
        assertThat(jumpAt(0x7f)).isEqualTo(X8664.offsetOf("row"));
    }

    /** Where a jump of two bytes leads: behind itself plus its signed distance. */
    private int jumpAt(int offset) {
        return offset + 2 + code[offset + 1];
    }

    @Test
    void offsetsAreThoseOfTheTable() {
        assertThat(code[X8664.offsetOf("child") + 6]).isEqualTo((byte) TableLayout.HEADER_BYTES);
        assertThat(code[X8664.offsetOf("next") + 3]).isEqualTo((byte) TableLayout.ROW_BYTES);
        assertThat(code[X8664.offsetOf("call") + 5]).isEqualTo((byte) TableLayout.RESULT);
        assertThat(code[X8664.offsetOf("judge") + 11]).isEqualTo((byte) TableLayout.EXCUSED);
        assertThat(code[X8664.offsetOf("fail") + 5]).isEqualTo((byte) TableLayout.FAILED_EXIT_CODE);
    }

    @Test
    void everyCallHasItsOwnNumber() {
        for (Function<Syscall, Integer> number :
                List.<Function<Syscall, Integer>>of(Syscall::x8664, Syscall::aarch64)) {
            Map<Integer, Long> uses =
                    Stream.of(Syscall.values()).collect(Collectors.groupingBy(number, Collectors.counting()));

            assertThat(uses.values()).containsOnly(1L);
        }
    }
}
