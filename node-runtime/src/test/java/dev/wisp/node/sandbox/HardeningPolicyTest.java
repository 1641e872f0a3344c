package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HardeningPolicyTest {

    private static final Map<String, String> GOOD = Map.of(
            "fs.protected_symlinks", "1\n",
            "fs.protected_hardlinks", "1\n",
            "fs.protected_fifos", "1\n",
            "fs.protected_regular", "2\n",
            "kernel.kptr_restrict", "1\n",
            "kernel.dmesg_restrict", "1\n",
            "kernel.unprivileged_bpf_disabled", "2\n",
            "kernel.core_pattern", "core\n");

    @Test
    void asksForAllThatItJudges() {
        assertThat(HardeningPolicy.keys()).containsExactlyInAnyOrderElementsOf(GOOD.keySet());
    }

    @Test
    void findsNothingOnAHardenedHost() {
        assertThat(HardeningPolicy.features(GOOD)).allMatch(HostFeature::present);
    }

    /** All of it is advice: sandboxes have guards of their own. */
    @Test
    void requiresNothing() {
        assertThat(HardeningPolicy.features(Map.of())).noneMatch(HostFeature::required);
    }

    @ParameterizedTest
    @CsvSource({
        "fs.protected_symlinks, 1",
        "fs.protected_hardlinks, 1",
        "fs.protected_fifos, 2",
        "fs.protected_regular, 2",
        "kernel.kptr_restrict, 2",
        "kernel.dmesg_restrict, 1",
        "kernel.unprivileged_bpf_disabled, 2"
    })
    void saysHowToSetTheOneThatIsLow(String key, String advised) {
        List<HostFeature> absent = absent(key, "0\n");

        assertThat(absent).singleElement().satisfies(feature -> {
            assertThat(feature.name()).contains(key);
            assertThat(feature.remedy()).isEqualTo("sysctl %s=%s".formatted(key, advised));
            assertThat(feature.without()).isNotEmpty();
        });
    }

    @Test
    void takesWhatIsNoNumberForLow() {
        assertThat(absent("kernel.kptr_restrict", "?")).hasSize(1);
    }

    @Test
    void missesNothingThatTheKernelDoesNotHave() {
        assertThat(HardeningPolicy.features(Map.of())).allMatch(HostFeature::present);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|/usr/lib/systemd/systemd-coredump %P %u", "@/run/coredump.socket"})
    void saysWhatRunsOnTheHostWhenASandboxCrashes(String pattern) {
        assertThat(absent("kernel.core_pattern", pattern + "\n"))
                .singleElement()
                .satisfies(feature -> assertThat(feature.without()).contains("'" + pattern + "'", "as root"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "/var/crash/core.%p", "|/bin/false", ""})
    void hasNothingAgainstFilesThatTheLimitForbids(String pattern) {
        assertThat(absent("kernel.core_pattern", pattern)).isEmpty();
    }

    private static List<HostFeature> absent(String key, String value) {
        Map<String, String> settings = new HashMap<>(GOOD);
        settings.put(key, value);
        return HardeningPolicy.features(settings).stream()
                .filter(feature -> !feature.present())
                .toList();
    }
}
