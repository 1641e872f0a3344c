package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever takes too much is stopped, and nobody else notices. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SandboxLimitsIT {

    /** Enough for many turns of each. */
    private static final long SHARED_MICROS = 2_000_000;

    private static SandboxFixture fixture;
    private static Sandbox neighbour;

    @BeforeAll
    static void open() throws IOException {
        fixture = SandboxFixture.open("limit");
        neighbour = fixture.start("serve");
    }

    @AfterAll
    static void close() throws IOException {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Test
    void childOverTheMemoryLimitIsKilledAndItsParentGoesOn() {
        Sandbox sandbox = fixture.runtime().start(fixture.spec(SandboxFixture.limits(16), "", "/", "serve"));

        assertThat(fixture.ask(sandbox, "memory 8")).isEqualTo("0");
        assertThat(fixture.ask(sandbox, "memory 64")).isEqualTo("137");
        assertThat(fixture.ask(sandbox, "cwd")).isEqualTo("/");
        assertThat(sandbox.usage().memoryPeakBytes()).isBetween(8L << 20, 16L << 20);
        sandbox.stop(Duration.ZERO);
        assertThat(sandbox.exit().join().outOfMemory()).isTrue();
        assertThat(sandbox.exit().join().memoryDetail())
                .containsPattern("peak 1[56] MiB: process 'probe' was killed while it held 1\\d MiB");
        assertThat(fixture.ask(neighbour, "cwd")).isEqualTo("/");
    }

    @Test
    void entrypointOverTheMemoryLimitIsReportedWithTheLimit() {
        Problem problem = catchThrowableOfType(
                        ProblemException.class,
                        () -> fixture.runtime().start(fixture.spec(SandboxFixture.limits(16), "", "/", "greedy")))
                .problem();

        assertThat(problem.code()).isEqualTo("E1301");
        assertThat(problem.detail()).contains("limit of 16 MiB").contains("process 'probe' was killed");
        assertThat(fixture.ask(neighbour, "cwd")).isEqualTo("/");
    }

    @Test
    void leastMemoryStarts() {
        Limits least = new Limits(1000, SpecCheck.MEMORY_BYTES_MIN, 16, 1 << 20);

        Sandbox sandbox = fixture.runtime().start(fixture.spec(least, "", "/", "serve"));

        assertThat(fixture.ask(sandbox, "cwd")).isEqualTo("/");
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void lessThanTheLeastMemoryIsRefused() {
        Limits tooLittle = new Limits(1000, 2 << 20, 16, 1 << 20);

        Problem problem = catchThrowableOfType(
                        ProblemException.class,
                        () -> fixture.runtime().start(fixture.spec(tooLittle, "", "/", "serve")))
                .problem();

        assertThat(problem.code()).isEqualTo("E1801");
    }

    /** 300 ms of processor time at a fifth of a processor take 1.5 s, or a period less when they begin with an unused one. */
    @Test
    void processorTimeIsRationed() {
        Limits fifth = new Limits(200, 64 << 20, 64, 4 << 20);
        Sandbox sandbox = fixture.runtime().start(fixture.spec(fifth, "", "/", "serve"));
        long begun = System.nanoTime();

        assertThat(fixture.ask(sandbox, "burn 300")).isEqualTo("ok");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1_300));
        sandbox.stop(Duration.ZERO);
    }

    /** Two that compute on all processors, and may use all of them: the one with three times the limit gets three times the time. */
    @Test
    void processorTimeIsSharedByWeight() {
        int all = Runtime.getRuntime().availableProcessors() * 1000;
        Sandbox one = fixture.runtime().start(fixture.spec(new Limits(all, 64 << 20, 64, 4 << 20), "", "/", "spin"));
        Sandbox other =
                fixture.runtime().start(fixture.spec(new Limits(3 * all, 64 << 20, 64, 4 << 20), "", "/", "spin"));
        long oneBefore = one.cpuMicros();
        long otherBefore = other.cpuMicros();

        Awaitility.await().until(() -> one.cpuMicros() - oneBefore + other.cpuMicros() - otherBefore > SHARED_MICROS);

        assertThat((double) (other.cpuMicros() - otherBefore) / (one.cpuMicros() - oneBefore))
                .isBetween(2.0, 4.5);
        one.stop(Duration.ZERO);
        other.stop(Duration.ZERO);
    }

    @Test
    void processesAreCounted() {
        Sandbox sandbox = fixture.start("serve");

        assertThat(Integer.parseInt(fixture.ask(sandbox, "forks 200"))).isBetween(60, 63);
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void forkBombStaysInside() {
        Sandbox sandbox = fixture.start("bomb");

        assertThat(fixture.ask(neighbour, "forks 10")).isEqualTo("10");
        stopSometime(sandbox);
        assertThat(fixture.ask(neighbour, "cwd")).isEqualTo("/");
    }

    /** All of a bomb's processes have to run once more to die, within its limit: on a host that is busy that takes longer than a stop waits. It is reported until then. */
    private static void stopSometime(Sandbox sandbox) {
        try {
            sandbox.stop(Duration.ZERO);
        } catch (RuntimeException e) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(fixture.runtime().stuck()).isEmpty());
        }
        assertThat(sandbox.exit()).isDone();
    }

    @Test
    void writableLayerIsBounded() {
        Sandbox sandbox = fixture.start("serve");

        String[] answer = fixture.ask(sandbox, "fill /big").split(" ");

        assertThat(Long.parseLong(answer[0])).isBetween(3L << 20, 4L << 20);
        assertThat(answer[1]).isEqualTo("28");
        sandbox.stop(Duration.ZERO);
    }

    /** Neither bytes nor files; the second sandbox is one that was parked for other limits. */
    @Test
    void sharedMemoryIsBounded() {
        Limits roomy = new Limits(2000, 128L << 20, 64, 4 << 20);
        Sandbox sandbox = fixture.runtime().start(fixture.spec(roomy, "", "/", "serve"));
        assertThat(fixture.ask(sandbox, "fill /dev/shm/big")).isEqualTo((64 << 20) + " 28");
        sandbox.stop(Duration.ZERO);

        Sandbox small = fixture.runtime().start(fixture.spec(SandboxFixture.limits(16), "", "/", "serve"));
        assertThat(fixture.ask(small, "read /proc/self/mounts"))
                .containsPattern("/dev/shm tmpfs rw,nosuid,nodev,noexec,.*size=16384k,nr_inodes=4096");
        // One is the folder's own.
        assertThat(fixture.ask(small, "files /dev/shm 10000")).isEqualTo("4095 28");
        assertThat(fixture.ask(small, "cwd")).isEqualTo("/");
        small.stop(Duration.ZERO);
    }

    /** A limit on the length of files would kill whoever makes one of a terabyte, as some databases do, and keep nobody from anything. */
    @Test
    void aLongFileTakesNoMoreThanWhatIsWrittenToIt() {
        Sandbox sandbox = fixture.start("serve");

        assertThat(fixture.ask(sandbox, "lengthen /long 0x10000000000")).isEqualTo("0");

        assertThat(fixture.ask(sandbox, "stat /long")).endsWith(" 100600");
        assertThat(fixture.ask(sandbox, "fill /big").split(" ")[1]).isEqualTo("28");
        assertThat(sandbox.usage().memoryPeakBytes()).isLessThan(8L << 20);
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void floodOfOutputSlowsOnlyItsMaker() {
        Sandbox sandbox = fixture.start("flood");

        assertThat(fixture.ask(sandbox, "cwd")).isEqualTo("/");
        assertThat(fixture.ask(neighbour, "cwd")).isEqualTo("/");
        sandbox.stop(Duration.ZERO);
        fixture.output.clear();
    }

    @Test
    void openFilesAndCoreDumpsAreLimited() {
        assertThat(fixture.ask(neighbour, "read /proc/self/limits"))
                .containsPattern("Max open files +4096 +4096")
                .containsPattern("Max core file size +0 +0");
    }
}
