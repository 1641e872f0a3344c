package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of a start, read off its text. */
final class FurnishingTest {

    private static final List<String> LINES =
            LinuxSandboxRuntime.explainStart().lines().toList();

    private static final WriteBounds BOUNDS = new WriteBounds(64L << 20, 64L << 20);

    @Test
    void childDiesWithTheRuntimeBeforeItDoesAnythingElse() {
        assertThat(LINES.get(1)).isEqualTo("  0  prctl(PR_SET_PDEATHSIG, SIGKILL)  # die with the runtime");
        assertThat(LINES.get(2))
                .isEqualTo(
                        "  1  futex(&runtime, FUTEX_CMP_REQUEUE, 0, 0, &runtime, 4711)  # see that the runtime lives");
        assertThat(LINES.get(3)).contains("futex(&mapped, FUTEX_WAIT");
    }

    @Test
    void mountsArePrivateAndTheIdsRootsBeforeTheFirstMount() {
        assertThat(indexOf("setresuid(0, 0, 0)")).isLessThan(indexOf("mount("));
        assertThat(indexOf("MS_REC|MS_PRIVATE")).isEqualTo(indexOf("mount("));
    }

    @Test
    void deathSignalIsSetAgainAfterEveryChangeOfIds() {
        assertThat(LINES.get(indexOf("setresuid(0, 0, 0)") + 1)).contains("PR_SET_PDEATHSIG");
        assertThat(LINES.get(indexOf("setresuid(1000, 1000, 1000)") + 1)).contains("PR_SET_PDEATHSIG");
    }

    @Test
    void layersAreCoveredBeforeTheChildIsParked() {
        assertThat(indexOf("# cover layers")).isBetween(indexOf("# leave host"), indexOf("# parked"));
    }

    /** What lies above is never in the child's own table, and the image is attached but not yet mounted when it gets one. */
    @Test
    void childCopiesOfTheRuntimesDescriptorsNoMoreThanItNeeds() {
        int row = indexOf("# own descriptors");

        assertThat(LINES.get(row)).contains("close_range(68, ~0, CLOSE_RANGE_UNSHARE)");
        assertThat(LINES.subList(row + 1, row + 7)).last().asString().contains("close_range(4, ~0, 0)");
        assertThat(row).isBetween(indexOf("# cover layers"), indexOf("# parked"));
    }

    @Test
    void memoryGroupIsJoinedAfterTheGateAndAfterTheLastMount() {
        assertThat(indexOf("# join memory cgroup"))
                .isGreaterThan(indexOf("# wait for a start"))
                .isGreaterThan(indexOf("chroot("));
    }

    @Test
    void capabilitiesGoBeforeTheFilterAndTheFilterIsLastBeforeTheEntrypoint() {
        int filter = indexOf("# install rest of the filter");

        assertThat(indexOf("capset(")).isLessThan(filter);
        assertThat(indexOf("PR_SET_NO_NEW_PRIVS")).isLessThan(filter);
        assertThat(indexOf("close_range(3, ~0, 0)")).isLessThan(filter);
        assertThat(LINES.subList(filter + 1, LINES.size())).hasSize(6).allMatch(line -> line.contains("execve("));
    }

    @Test
    void imageMountedAheadIsTheSameCallsBehindAnotherGate() {
        List<String> ahead = Launch.mountAhead(new ImageRoot(List.of("2", "1"), BOUNDS), BOUNDS)
                .text()
                .lines()
                .map(FurnishingTest::unnumbered)
                .toList();

        assertThat(LINES.stream().map(FurnishingTest::unnumbered).toList()).containsSequence(ahead.subList(0, 6));
        assertThat(ahead.subList(6, 8))
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("# mounted"),
                        line -> assertThat(line).contains("futex(&launch, FUTEX_WAIT"));
    }

    @Test
    void whatWasParkedForOtherLimitsIsResizedWhereItDiffers() {
        ImageRoot root = new ImageRoot(List.of("1"), new WriteBounds(64L << 20, 8L << 20));

        assertThat(Launch.mountAhead(root, BOUNDS).text().lines().toList().getFirst())
                .contains("\"/d/shm\"")
                .contains("MS_REMOUNT|MS_NOSUID|MS_NODEV|MS_NOEXEC")
                .contains("size=8388608,nr_inodes=2048")
                .endsWith("# size shm");
    }

    private static String unnumbered(String line) {
        return line.replaceFirst("^ *\\d+ +", "");
    }

    @Test
    void landlockIsEnteredInTheImagesRootBeforeTheUserIsBecome() {
        assertThat(indexOf("landlock_restrict_self(15<rules>, 0)"))
                .isBetween(indexOf("chroot("), indexOf("# become user"));
    }

    @Test
    void landlockAsksForNoMoreThanTheKernelKnows() {
        assertThat(Landlock.rights(1)).isEqualTo(0x1fff);
        assertThat(Landlock.rights(3)).isEqualTo(0x7fff);
        assertThat(Landlock.rights(7)).isEqualTo(0xffff);
    }

    @Test
    void workingDirectoryIsNotEnteredByMagicLinks() {
        int row = indexOf("openat2(");

        assertThat(LINES.get(row)).contains("RESOLVE_NO_MAGICLINKS").contains("# enter working directory");
        assertThat(LINES.get(row + 1)).contains("fchdir(result)");
    }

    @Test
    void everyExecveButTheLastMayFail() {
        List<String> attempts =
                LINES.stream().filter(line -> line.contains("execve(")).toList();

        assertThat(attempts.subList(0, 5)).allMatch(line -> line.contains("[may fail]"));
        assertThat(attempts.getLast())
                .contains("execve(\"/bin/hello\", [\"hello\"]")
                .doesNotContain("[may fail]");
    }

    @Test
    void valuesOfTheEnvironmentAreNotPrinted() {
        assertThat(LINES).noneMatch(line -> line.contains("PORT=8080"));
    }

    private static int indexOf(String part) {
        for (int i = 0; i < LINES.size(); i++) {
            if (LINES.get(i).contains(part)) {
                return i;
            }
        }
        throw new AssertionError(part + " is not in the table");
    }
}
