package dev.wisp.controller.policy;

import dev.wisp.controller.policy.ServiceDraft.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks environment variables; the last of equal names counts, as in Kubernetes. */
final class EnvironmentPolicy {

    static final int WORDS_MAX = 1_000;

    /** The kernel refuses a longer argument or variable (MAX_ARG_STRLEN, 32 pages); name and '=' have to fit too. */
    private static final int WORD_CHARS_MAX = 120_000;

    static final String EXEC_RULE = "must be a string without NUL of at most %d characters".formatted(WORD_CHARS_MAX);

    private static final Set<String> RESERVED = Set.of("PORT", "K_SERVICE", "K_CONFIGURATION", "K_REVISION");

    private EnvironmentPolicy() {}

    static Map<String, String> environment(List<Variable> variables, Findings findings) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (int i = 0; i < variables.size(); i++) {
            String name = variables.get(i).name();
            String written = variables.get(i).value();
            String value = written == null ? "" : written;
            String at = TemplatePolicy.CONTAINER + "/env/" + i;
            if (name == null || !Names.isEnvName(name)) {
                findings.add(at + "/name", "must be letters, digits, '_', '-' and '.', not starting with a digit");
            } else if (RESERVED.contains(name)) {
                findings.add(at + "/name", name + " is set by Wisp");
            } else if (!fitsExec(value)) {
                findings.add(at + "/value", EXEC_RULE);
            } else {
                environment.remove(name);
                environment.put(name, value);
            }
        }
        return environment;
    }

    static boolean fitsExec(String word) {
        return word.length() <= WORD_CHARS_MAX && word.indexOf('\0') < 0;
    }
}
