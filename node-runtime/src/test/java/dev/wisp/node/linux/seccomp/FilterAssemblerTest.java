package dev.wisp.node.linux.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.linux.Architecture;
import dev.wisp.node.linux.seccomp.FilterAssembler.Instruction;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Walks the filter as the kernel does and compares it with the written policy. */
final class FilterAssemblerTest {

    private static final int X86_64 = 0xc000003e;
    private static final int I386 = 0x40000003;
    private static final int ALLOW = 0x7fff0000;
    private static final int EPERM = 0x00050001;
    private static final int ENOSYS = 0x00050026;

    private final SyscallRules rules = SyscallRules.load();
    private final List<Instruction> filter = FilterAssembler.assemble(rules);

    @Test
    void everyNumberGetsTheVerdictOfThePolicy() {
        for (int number = 0; number < 1024; number++) {
            Verdict verdict = rules.verdicts().getOrDefault(number, rules.beyond());
            int expected = switch (verdict) {
                case Verdict.Allow _ -> ALLOW;
                case Verdict.Refuse refuse -> 0x00050000 | refuse.errno();
                case Verdict.AllowWhen _ -> run(X86_64, number, 77, 77, 77);
            };
            assertThat(run(X86_64, number, 77, 77, 77)).as("number %d", number).isEqualTo(expected);
        }
    }

    /** The kernel asks both filters and takes the stricter answer, of two errors that of the one installed last. */
    @Test
    void bothPartsTogetherAreThePolicy() {
        Set<Integer> late = SeccompFilter.NEEDED_UNTIL_THE_END.stream()
                .map(Architecture.current()::number)
                .collect(Collectors.toSet());
        List<Instruction> early = FilterAssembler.assemble(SeccompFilter.early(rules, late));
        List<Instruction> last = FilterAssembler.assembleOnTop(SeccompFilter.last(rules, late));

        for (int number = 0; number < 1024; number++) {
            int first = run(early, X86_64, number, 77, 77, 77);
            int second = run(last, X86_64, number, 77, 77, 77);
            assertThat(second == ALLOW ? first : second)
                    .as("number %d", number)
                    .isEqualTo(run(X86_64, number, 77, 77, 77));
            assertThat(second != ALLOW).as("number %d", number).isEqualTo(late.contains(number));
            assertThat(run(last, I386, number, 77, 77, 77))
                    .as("i386 number %d", number)
                    .isEqualTo(ALLOW);
        }
        assertThat(last).hasSizeLessThan(36);
    }

    @Test
    void otherWaysInAreClosedWhateverTheNumber() {
        assertThat(IntStream.range(0, 512)).allMatch(number -> run(I386, number, 0, 0, 0) == EPERM);
        assertThat(IntStream.range(0, 512)).allMatch(number -> run(X86_64, 0x40000000 | number, 0, 0, 0) == EPERM);
    }

    @ParameterizedTest
    @CsvSource({
        "unix socket, 41, 1, 1, 0, true",
        "inet socket, 41, 2, 1, 0, true",
        "inet6 socket, 41, 10, 1, 0, true",
        "route netlink, 41, 16, 3, 0, true",
        "audit netlink, 41, 16, 3, 9, false",
        "packet socket, 41, 17, 3, 0, false",
        "alg socket, 41, 38, 5, 0, false",
        "vsock socket, 41, 40, 1, 0, false",
        "thread, 56, 0x3d0f00, 0, 0, true",
        "fork, 56, 17, 0, 0, true",
        "new user namespace, 56, 0x10000011, 0, 0, false",
        "new network namespace, 56, 0x40000011, 0, 0, false",
        "plain personality, 135, 0, 0, 0, true",
        "asking for the personality, 135, 0xffffffff, 0, 0, true",
        "no address randomization, 135, 0x40000, 0, 0, false",
    })
    void argumentsDecide(String name, int number, String first, int second, int third, boolean allowed) {
        int result = run(X86_64, number, Long.decode(first).intValue(), second, third);

        assertThat(result).as(name).isEqualTo(allowed ? ALLOW : EPERM);
    }

    @Test
    void cloneThreeLooksAbsentSoThatLibrariesFallBack() {
        assertThat(run(X86_64, 435, 0, 0, 0)).isEqualTo(ENOSYS);
    }

    @Test
    void walkIsShort() {
        assertThat(filter.size()).isLessThan(200);
        assertThat(IntStream.range(0, 470)).allMatch(number -> steps(X86_64, number) < 24);
    }

    private int run(int architecture, int number, int... arguments) {
        return run(filter, architecture, number, arguments);
    }

    private static int run(List<Instruction> program, int architecture, int number, int... arguments) {
        return FilterWalk.walk(program, architecture, number, arguments).action();
    }

    private int steps(int architecture, int number) {
        return FilterWalk.walk(filter, architecture, number, 0, 0, 0).steps();
    }
}
