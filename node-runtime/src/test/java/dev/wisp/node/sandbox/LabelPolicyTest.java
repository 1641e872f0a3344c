package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LabelPolicyTest {

    private static final SecurityModules NOTHING = new SecurityModules(false, null, false, false);
    private static final SecurityModules LOADED =
            new SecurityModules(true, List.of("docker-default (enforce)", "wisp-sandbox (enforce)"), true, false);
    private static final SecurityModules NOT_LOADED =
            new SecurityModules(true, List.of("docker-default (enforce)"), true, false);
    private static final SecurityModules UNKNOWN = new SecurityModules(true, null, false, false);
    private static final SecurityModules SE_LINUX = new SecurityModules(false, null, false, true);

    private static final ExecLabel OWN =
            new ExecLabel("apply AppArmor profile", "/proc/self/attr/apparmor/current", "changeprofile wisp-sandbox");

    @Test
    void ownProfileIsTakenWhereItIsLoaded() {
        assertThat(choose("auto", LOADED)).isEqualTo(OWN);
        assertThat(choose("auto", NOT_LOADED)).isNull();
        assertThat(choose("auto", NOTHING)).isNull();
        assertThat(choose("auto", UNKNOWN)).isNull();
    }

    @Test
    void noneIsNoneEvenWhereItIsLoaded() {
        assertThat(choose("none", LOADED)).isNull();
    }

    @Test
    void namedProfileIsAppliedOrRefused() {
        assertThat(choose("docker-default", LOADED))
                .isEqualTo(new ExecLabel(
                        "apply AppArmor profile", "/proc/self/attr/apparmor/current", "changeprofile docker-default"));
        assertThatIllegalStateException()
                .isThrownBy(() -> choose("wisp-sandbox", NOT_LOADED))
                .withMessageContaining("apparmor-profile=wisp-sandbox, but it is not loaded: apparmor_parser -r");
        assertThatIllegalStateException()
                .isThrownBy(() -> choose("wisp-sandbox", NOTHING))
                .withMessageContaining("no AppArmor");
    }

    @Test
    void whereTheListCannotBeReadTheFirstStartTells() {
        assertThat(choose("wisp-sandbox", UNKNOWN))
                .isEqualTo(new ExecLabel(
                        "apply AppArmor profile", "/proc/self/attr/current", "changeprofile wisp-sandbox"));
    }

    @Test
    void beginningOfANameIsNotTheName() {
        SecurityModules longer = new SecurityModules(true, List.of("wisp-sandbox-2 (enforce)"), true, false);

        assertThat(choose("auto", longer)).isNull();
    }

    @Test
    void labelOfSeLinuxIsAppliedOrRefused() {
        LabelConfig label = new LabelConfig("auto", "system_u:system_r:container_t:s0:c1,c2");

        assertThat(LabelPolicy.choose(label, SE_LINUX))
                .isEqualTo(new ExecLabel(
                        "apply SELinux label", "/proc/self/attr/exec", "system_u:system_r:container_t:s0:c1,c2"));
        assertThatIllegalStateException()
                .isThrownBy(() -> LabelPolicy.choose(label, LOADED))
                .withMessageContaining("no SELinux");
    }

    @Test
    void oneModuleAtMostIsAskedFor() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LabelConfig("wisp-sandbox", "a:b:c:s0"));
        assertThatIllegalArgumentException().isThrownBy(() -> new LabelConfig("two words", "none"));
    }

    private static @Nullable ExecLabel choose(String profile, SecurityModules host) {
        return LabelPolicy.choose(new LabelConfig(profile, "none"), host);
    }
}
