package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.node.linux.Affinity;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.TimeSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever computes without a pause leaves the others a processor to wake on, and its own as soon as they wake there. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SandboxProcessorsIT {

    private static final Limits ONE_PROCESSOR = new Limits(1_000, 64L << 20, 64, 4 << 20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Time in which the one that moves itself has done so hundreds of times. */
    private static final long MOVES_MICROS = 500_000;

    private static SandboxFixture fixture;
    private static final TimeSlice SLICES = new TimeSlice(Kernel.load());
    private static BitSet all;

    @BeforeAll
    static void open() throws IOException {
        all = new Affinity(Kernel.load()).own();
        fixture = SandboxFixture.open("processors");
    }

    @AfterAll
    static void close() throws IOException {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Test
    void heavyOneIsKeptToItsLimitAndFreedWhenCalm() {
        assumeSeveralProcessors();
        LinuxSandbox sandbox = (LinuxSandbox) fixture.runtime().start(fixture.spec(ONE_PROCESSOR, "", "/", "serve"));
        assertThat(allowed(sandbox)).isEqualTo(all.cardinality());

        CompletableFuture<String> burning = CompletableFuture.supplyAsync(() -> fixture.ask(sandbox, "burn 2000"));

        await().atMost(PATIENCE).until(() -> allowed(sandbox) == 1);
        assertThat(burning.join()).isNotEmpty();
        await().atMost(PATIENCE).until(() -> allowed(sandbox) == all.cardinality());
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void oneThatMayUseAllIsLeftAlone() {
        assumeSeveralProcessors();
        Limits wide = new Limits(all.cardinality() * 1_000, 64L << 20, 64, 4 << 20);
        LinuxSandbox free = (LinuxSandbox) fixture.runtime().start(fixture.spec(wide, "", "/", "bomb"));
        LinuxSandbox narrow = (LinuxSandbox) fixture.runtime().start(fixture.spec(ONE_PROCESSOR, "", "/", "bomb"));

        await().atMost(PATIENCE).until(() -> allowed(narrow) == 1);
        assertThat(allowed(free)).isEqualTo(all.cardinality());
        free.stop(Duration.ZERO);
        narrow.stop(Duration.ZERO);
    }

    @Test
    void oneThatFoundNoRoomIsKeptOnceThereIsSome() {
        assumeSeveralProcessors();
        List<LinuxSandbox> first = IntStream.range(0, all.cardinality())
                .mapToObj(i -> (LinuxSandbox) fixture.runtime().start(fixture.spec(ONE_PROCESSOR, "", "/", "bomb")))
                .toList();
        await().atMost(PATIENCE).until(() -> first.stream().allMatch(sandbox -> allowed(sandbox) == 1));
        LinuxSandbox late = (LinuxSandbox) fixture.runtime().start(fixture.spec(ONE_PROCESSOR, "", "/", "bomb"));
        if (SLICES.of(ProcessHandle.current().pid()) > 0) {
            await().atMost(PATIENCE).until(() -> slices(late).contains(ProcessorPolicy.LONG_SLICE_NANOS));
        }
        assertThat(allowed(late)).isEqualTo(all.cardinality());

        first.getFirst().stop(Duration.ZERO);

        await().atMost(PATIENCE).until(() -> allowed(late) == 1);
        first.forEach(sandbox -> sandbox.stop(Duration.ZERO));
        late.stop(Duration.ZERO);
    }

    @Test
    void oneThatMovesItselfStaysWhereItIsKept() {
        assumeSeveralProcessors();
        LinuxSandbox sandbox = (LinuxSandbox) fixture.runtime().start(fixture.spec(ONE_PROCESSOR, "", "/", "roam"));
        await().atMost(PATIENCE).until(() -> allowed(sandbox) == 1);
        long before = sandbox.usage().cpuMicros();
        Set<BitSet> seen = new HashSet<>();

        await().atMost(PATIENCE).until(() -> {
            sandbox.threads().forEach(thread -> seen.add(processors(thread)));
            return sandbox.usage().cpuMicros() > before + MOVES_MICROS;
        });

        assertThat(seen).hasSize(1);
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void heavyOneHasALongSliceUntilItIsCalm() {
        assumeTrue(SLICES.of(ProcessHandle.current().pid()) > 0, "this kernel lets nobody choose slices");
        Limits wide = new Limits(all.cardinality() * 1_000, 64L << 20, 64, 4 << 20);
        LinuxSandbox sandbox = (LinuxSandbox) fixture.runtime().start(fixture.spec(wide, "", "/", "serve"));
        assertThat(slices(sandbox)).noneMatch(slice -> slice == ProcessorPolicy.LONG_SLICE_NANOS);

        CompletableFuture<String> burning = CompletableFuture.supplyAsync(() -> fixture.ask(sandbox, "burn 2000"));

        await().atMost(PATIENCE)
                .until(() -> slices(sandbox).stream().allMatch(slice -> slice == ProcessorPolicy.LONG_SLICE_NANOS));
        assertThat(burning.join()).isNotEmpty();
        await().atMost(PATIENCE)
                .until(() -> slices(sandbox).stream().noneMatch(slice -> slice == ProcessorPolicy.LONG_SLICE_NANOS));
        sandbox.stop(Duration.ZERO);
    }

    private static void assumeSeveralProcessors() {
        assumeTrue(all.cardinality() > 1, "this host has one processor, which everybody shares");
    }

    /** Of the threads that have not ended meanwhile. */
    private static Set<Long> slices(LinuxSandbox sandbox) {
        return sandbox.threads().stream()
                .map(SLICES::of)
                .filter(slice -> slice >= 0)
                .collect(Collectors.toSet());
    }

    /** How many processors each of its threads may run on; -1 when they differ. */
    private static int allowed(LinuxSandbox sandbox) {
        int[] counts = sandbox.threads().stream()
                .mapToInt(thread -> processors(thread).cardinality())
                .filter(count -> count > 0)
                .distinct()
                .toArray();
        return counts.length == 1 ? counts[0] : -1;
    }

    /** None for a thread that has ended meanwhile. */
    private static BitSet processors(long thread) {
        try {
            return Files.readAllLines(Path.of("/proc/" + thread + "/status")).stream()
                    .filter(line -> line.startsWith("Cpus_allowed:"))
                    .map(line -> bits(line.substring(line.indexOf(':') + 1)))
                    .findFirst()
                    .orElseGet(BitSet::new);
        } catch (IOException e) {
            return new BitSet();
        }
    }

    /** The kernel writes words of eight digits with commas between them, and may allow processors that are not there. */
    private static BitSet bits(String mask) {
        String digits = mask.strip().replace(",", "");
        BitSet set = new BitSet();
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(digits.length() - 1 - i), 16);
            for (int bit = 0; bit < 4; bit++) {
                set.set(i * 4 + bit, (digit >> bit & 1) == 1);
            }
        }
        set.and(all);
        return set;
    }
}
