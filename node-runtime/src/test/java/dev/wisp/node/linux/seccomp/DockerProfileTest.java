package dev.wisp.node.linux.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.linux.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The policy allows nothing that Docker's default refuses; the file beside this class says where its list is from. */
final class DockerProfileTest {

    private static final int NAMESPACES = 0x7e020000;
    private static final int AF_ALG = 38;
    private static final int AF_VSOCK = 40;
    private static final Set<Integer> PERSONALITIES = Set.of(0, 8, 0x20000, 0x20008, -1);

    /** What Docker allows by the first argument only. */
    private static final Map<String, IntPredicate> BY_ARGUMENT = Map.of(
            "socket", family -> family != AF_ALG && family != AF_VSOCK,
            "clone", flags -> (flags & NAMESPACES) == 0,
            "personality", PERSONALITIES::contains);

    /** Beyond Docker's default: each is a way that exploits or escapes have gone. */
    private static final List<String> REFUSED_TOO = List.of(
            "ptrace",
            "process_vm_readv",
            "process_vm_writev",
            "vmsplice",
            "name_to_handle_at",
            "statmount",
            "listmount",
            "adjtimex",
            "clock_adjtime",
            "fanotify_mark",
            "process_mrelease");

    private final SyscallRules rules = SyscallRules.load();
    private final Set<String> docker = dockerAllows();
    private final Map<Integer, String> names = names();

    @Test
    void whatIsAllowedAlwaysDockerAllowsAlways() {
        assertThat(allowed(Verdict.Allow.class)).isSubsetOf(docker);
    }

    @Test
    void whatIsAllowedByArgumentsDockerAllowsWithTheSame() {
        assertThat(allowed(Verdict.AllowWhen.class)).containsExactlyInAnyOrderElementsOf(BY_ARGUMENT.keySet());
        List<FilterAssembler.Instruction> filter = FilterAssembler.assemble(rules);
        names.forEach((number, name) -> {
            IntPredicate allows = BY_ARGUMENT.get(name);
            if (allows != null) {
                assertThat(interestingArguments()
                                .filter(argument -> FilterWalk.allows(filter, number, argument))
                                .filter(allows.negate()))
                        .as(name)
                        .isEmpty();
            }
        });
    }

    /** Small numbers, each bit alone, and each bit beside the signal that clone carries. */
    private static IntStream interestingArguments() {
        IntStream bits = IntStream.range(0, 32).map(bit -> 1 << bit);
        IntStream withSignal = IntStream.range(0, 32).map(bit -> 1 << bit | 17);
        return IntStream.concat(IntStream.range(-1, 256), IntStream.concat(bits, withSignal));
    }

    @Test
    void moreIsRefusedThanDockerRefuses() {
        assertThat(docker).containsAll(REFUSED_TOO);
        assertThat(allowed(Verdict.Allow.class)).doesNotContainAnyElementsOf(REFUSED_TOO);
    }

    @Test
    void whatTheFilterCannotLookIntoIsAbsentOrRefused() {
        Map<String, Verdict> verdicts = new TreeMap<>();
        names.forEach((number, name) -> verdicts.put(name, rules.verdicts().get(number)));

        assertThat(verdicts).containsEntry("clone3", new Verdict.Refuse(Errno.ENOSYS));
        assertThat(verdicts)
                .extractingByKeys("io_uring_setup", "io_uring_enter", "io_uring_register", "keyctl", "add_key")
                .containsOnly(new Verdict.Refuse(Errno.EPERM));
    }

    private Set<String> allowed(Class<? extends Verdict> kind) {
        return names.entrySet().stream()
                .filter(entry -> kind.isInstance(rules.verdicts().get(entry.getKey())))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
    }

    private static Map<Integer, String> names() {
        return text("x86-64.policy")
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip().split("\\s+"))
                .filter(words -> words.length > 2)
                .collect(Collectors.toMap(words -> Integer.parseInt(words[0]), words -> words[1], (one, _) -> one));
    }

    private static Set<String> dockerAllows() {
        return text("docker-default.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .flatMap(line -> Arrays.stream(line.split("\\s+")))
                .collect(Collectors.toSet());
    }

    private static String text(String name) {
        try (InputStream in = DockerProfileTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
