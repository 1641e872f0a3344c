package dev.wisp.controller.policy;

import dev.wisp.contracts.revision.Restriction;
import dev.wisp.controller.policy.ServiceDraft.SecurityContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a container may run as, and what it may write. */
final class SecurityPolicy {

    private static final String AT = TemplatePolicy.CONTAINER + "/securityContext";

    /** A sandbox has 65,536 user ids of its own. */
    private static final long ID_MAX = 65_535;

    private SecurityPolicy() {}

    static void check(SecurityContext context, Findings findings) {
        checkId("runAsUser", context.runAsUser(), findings);
        checkId("runAsGroup", context.runAsGroup(), findings);
        if (context.runAsGroup() != null && context.runAsUser() == null) {
            findings.add(AT + "/runAsGroup", "needs runAsUser beside it");
        }
        if (isSet(context.runAsNonRoot()) && context.runAsUser() != null && context.runAsUser() == 0) {
            findings.add(AT + "/runAsUser", "is 0, which runAsNonRoot forbids");
        }
        if (context.seccompProfile() != null && !context.seccompProfile().equals("RuntimeDefault")) {
            findings.add(AT + "/seccompProfile/type", "must be RuntimeDefault: every sandbox has Wisp's filter");
        }
        CapabilityPolicy.check(AT + "/capabilities/add", context.capabilities(), findings);
    }

    /** As an image's USER is written; null means the image's. */
    static @Nullable String user(SecurityContext context) {
        if (context.runAsUser() == null) {
            return null;
        }
        return context.runAsGroup() == null
                ? Long.toString(context.runAsUser())
                : context.runAsUser() + ":" + context.runAsGroup();
    }

    static List<Restriction> restrictions(SecurityContext context) {
        List<Restriction> restrictions = new ArrayList<>();
        if (isSet(context.runAsNonRoot())) {
            restrictions.add(Restriction.NO_ROOT_USER);
        }
        if (isSet(context.readOnlyRootFilesystem())) {
            restrictions.add(Restriction.READ_ONLY_ROOT);
        }
        return restrictions;
    }

    private static void checkId(String field, @Nullable Long id, Findings findings) {
        if (id != null && (id < 0 || id > ID_MAX)) {
            findings.add(AT + "/" + field, "is %d, must be 0..%d".formatted(id, ID_MAX));
        }
    }

    private static boolean isSet(@Nullable Boolean flag) {
        return flag != null && flag;
    }
}
