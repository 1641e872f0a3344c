package dev.wisp.controller.policy;

import dev.wisp.contracts.revision.Capability;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which capabilities a container may ask for. Dropping needs no rule: there are none to begin with. */
final class CapabilityPolicy {

    private static final String RULE =
            "'%s' cannot be added: only %s can be".formatted("%s", Arrays.toString(Capability.values()));

    private CapabilityPolicy() {}

    static void check(String pointer, List<String> names, Findings findings) {
        for (int i = 0; i < names.size(); i++) {
            if (find(names.get(i)).isEmpty()) {
                findings.add(pointer + "/" + i, RULE.formatted(ServicePolicy.shortened(String.valueOf(names.get(i)))));
            }
        }
    }

    /** Those that exist; the others have been found before. */
    static List<Capability> known(List<String> names) {
        return names.stream()
                .flatMap(name -> find(name).stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Written as Kubernetes does, without {@code CAP_}; Docker's habit of writing it is taken too. */
    private static Optional<Capability> find(String name) {
        return Arrays.stream(Capability.values())
                .filter(capability -> capability.name().equals(name) || ("CAP_" + capability.name()).equals(name))
                .findFirst();
    }
}
