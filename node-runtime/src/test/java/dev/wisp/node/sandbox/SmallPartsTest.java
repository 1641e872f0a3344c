package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.linux.Errno;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Values and small classes of starting and stopping. */
final class SmallPartsTest {

    @Test
    void uidRangesDoNotOverlapAndAreReusedLate() {
        UidRanges ranges = new UidRanges(1_000_000, 3);
        int first = ranges.take();
        int second = ranges.take();
        ranges.giveBack(first);

        assertThat(ranges.first(second) - ranges.first(first)).isEqualTo(UidRanges.STRIDE);
        assertThat(ranges.take()).isEqualTo(2);
        assertThat(ranges.take()).isEqualTo(first);
        assertThat(ranges.take()).isEqualTo(-1);
    }

    /** {@code uidhashfn} of the kernel's {@code kernel/user.c}. */
    @Test
    void idsOfSandboxesAreSpreadOverTheKernelsListsOfUsers() {
        UidRanges ranges = new UidRanges(LinuxSandboxConfig.UID_BASE_DEFAULT, 2_048);

        Map<Long, Long> perList = IntStream.range(0, 2_048)
                .mapToObj(ranges::first)
                .collect(Collectors.groupingBy(uid -> ((uid >> 7) + uid) & 127, Collectors.counting()));

        assertThat(perList)
                .hasSize(128)
                .allSatisfy((list, ids) -> assertThat(ids).isEqualTo(16));
    }

    @Test
    void signalReachesAProcessThatCatchesOrBlocksIt() {
        SignalMask mask =
                SignalMask.parse("Name:\tx\nSigBlk:\t0000000000000002\nSigIgn:\t0\nSigCgt:\t0000000000004000\n");

        assertThat(mask.receives(15)).isTrue();
        assertThat(mask.receives(2)).isTrue();
        assertThat(mask.receives(1)).isFalse();
        assertThat(SignalMask.parse(null).receives(15)).isFalse();
    }

    @Test
    void candidatesAreWhatAShellWouldTry() {
        assertThat(Launch.candidates("app", "/a:/b/::relative:/c", 32)).containsExactly("/a/app", "/b/app", "/c/app");
        assertThat(Launch.candidates("./app", "/a", 32)).containsExactly("./app");
        assertThat(Launch.candidates("app", "/a:/b:/c", 2)).hasSize(2);
    }

    @Test
    void onlyErrorsOfTheImageMeanNotFound() {
        assertThat(Launch.meansNotFound(Errno.ENOENT)).isTrue();
        assertThat(Launch.meansNotFound(Errno.EPERM)).isFalse();
        assertThat(Launch.meansNotFound(Errno.E2BIG)).isFalse();
    }

    @Test
    void logTailKeepsTheLastLinesAndNothingThatSpeaksToATerminal() {
        LogTail tail = new LogTail();
        IntStream.range(0, 30).forEach(i -> tail.add(("line " + i).getBytes(StandardCharsets.UTF_8)));
        tail.add("\u001b]52;c;evil\u0007".getBytes(StandardCharsets.UTF_8));
        tail.add("x".repeat(5000).getBytes(StandardCharsets.UTF_8));

        assertThat(tail.text()).hasSize(20).first().isEqualTo("line 12");
        assertThat(tail.text().get(18)).doesNotContain("\u001b").contains("evil");
        assertThat(tail.text().getLast()).hasSize(503).endsWith("...");
    }

    @Test
    void everyFeatureSaysWhatToDo() {
        assertThat(HostFeatures.probe())
                .hasSizeGreaterThan(15)
                .allMatch(feature ->
                        !feature.without().isEmpty() && !feature.remedy().isEmpty());
    }

    @Test
    void connectionsAreJudgedByWhatANodeHasByDefault() {
        HostFeature usual = HostFeatures.connections(262_144);
        HostFeature large = HostFeatures.connections(1_024_000);

        assertThat(usual.present()).isFalse();
        assertThat(usual.name())
                .isEqualTo(
                        "egress: the kernel tracks all connections of 256 sandboxes (nf_conntrack_max=262144, 1024 each)");
        assertThat(usual.remedy())
                .isEqualTo(
                        "set wisp.node.network.connections-max=262, or net.netfilter.nf_conntrack_max=1024000 or more");
        assertThat(large.present()).isTrue();
    }
}
