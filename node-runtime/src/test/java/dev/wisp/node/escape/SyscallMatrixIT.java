package dev.wisp.node.escape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel answers inside to every number, by all three ways in, is what is written. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SyscallMatrixIT {

    private static final int NUMBERS = 1024;
    private static final int EPERM = -1;

    private static final WrittenPolicy POLICY = WrittenPolicy.read();

    @TempDir
    private static Path folder;

    private static Cell cell;
    private static Sandbox sandbox;

    @BeforeAll
    static void open() throws IOException {
        Cell.assumePossible();
        ProbeImage image = ProbeImage.build(folder);
        image.compile("matrix", image.layer.resolve("matrix"));
        cell = new Cell(folder);
        sandbox = cell.start(
                cell.spec(List.of(image.layer), new ProcessSpec(List.of("/matrix"), Map.of(), "/", "", 15), "matrix"));
    }

    @AfterAll
    static void close() {
        if (cell != null) {
            cell.close();
        }
    }

    @Test
    void policyEndsWithinTheNumbersThatAreTried() {
        assertThat(POLICY.last()).isLessThan(NUMBERS - 100);
    }

    /** The first argument walks over what the conditions tell apart: families, personalities, each flag of clone. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                2,
                3,
                8,
                10,
                15,
                16,
                17,
                29,
                38,
                40,
                44,
                45,
                0x11,
                0x11 + (1 << 7),
                0x20000,
                0x20008,
                0x40000,
                0x400000,
                0x2000000,
                0x4000000,
                0x8000000,
                0x10000000,
                0x20000000,
                0x40000000,
                0x3d0f00,
                0xffffffffL,
                0x100000002L
            })
    void everyNumberReturnsWhatIsWritten(long first) {
        assertThat(ask("x86-64", first, 1, 0)).isEqualTo(written(first, 1, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4, 9, 12, 15, 16})
    void netlinkIsForRoutesOnly(long protocol) {
        assertThat(ask("x86-64", 16, 3, protocol)).isEqualTo(written(16, 3, protocol));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x32", "i386"})
    void otherWaysInAreClosed(String entry) {
        assertThat(ask(entry, 0, 0, 0))
                .hasSize(written(0, 0, 0).size())
                .allSatisfy((number, result) -> assertThat(result).isEqualTo(EPERM));
    }

    private static Map<Integer, Integer> written(long... arguments) {
        return IntStream.range(0, NUMBERS)
                // The kernel lets its own two probe calls past every filter.
                .filter(number -> number != 335 && number != 336)
                .boxed()
                .collect(Collectors.toMap(
                        number -> number, number -> POLICY.answer(number, arguments), (one, _) -> one, TreeMap::new));
    }

    private static Map<Integer, Integer> ask(String entry, long first, long second, long third) {
        String answer =
                cell.ask(sandbox, "entry=%s count=%d a=%d b=%d c=%d".formatted(entry, NUMBERS, first, second, third));
        assumeFalse(answer.strip().equals("no such way in"), "the kernel here has no calls by way of " + entry);
        return answer.lines()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(
                        words -> Integer.parseInt(words[0]),
                        words -> Integer.parseInt(words[1]),
                        (one, _) -> one,
                        TreeMap::new));
    }
}
