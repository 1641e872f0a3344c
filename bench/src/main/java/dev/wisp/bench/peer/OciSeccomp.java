package dev.wisp.bench.peer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the platform's own policy of system calls into the form of the OCI runtime specification, so that a peer filters what the
 * platform filters. Lines: {@code NUMBER NAME allow|deny|ENOSYS|when argN in VALUES|when argN without BITS [and ...]}.
 */
final class OciSeccomp {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern LINE = Pattern.compile("\\d+\\s+(\\w+)\\s+(allow|ENOSYS|when)(?:\\s+([^#]*))?.*");
    private static final Pattern CONDITION = Pattern.compile("arg(\\d) (in|without) (.+)");
    private static final int ENOSYS = 38;

    private OciSeccomp() {}

    static ObjectNode oci(List<String> policy) {
        ObjectNode root = JSON.createObjectNode();
        root.put("defaultAction", "SCMP_ACT_ERRNO").put("defaultErrnoRet", 1);
        root.putArray("architectures").add("SCMP_ARCH_X86_64");
        ArrayNode rules = root.putArray("syscalls");
        ArrayNode allowed = rule(rules, "SCMP_ACT_ALLOW").putArray("names");
        ObjectNode missing = rule(rules, "SCMP_ACT_ERRNO").put("errnoRet", ENOSYS);
        ArrayNode missingNames = missing.putArray("names");
        for (String line : policy) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                switch (matcher.group(2)) {
                    case "allow" -> allowed.add(matcher.group(1));
                    case "ENOSYS" -> missingNames.add(matcher.group(1));
                    default -> conditional(rules, matcher.group(1), matcher.group(3));
                }
            }
        }
        return root;
    }

    /** A rule for each combination of values: the specification knows only "and". */
    private static void conditional(ArrayNode rules, String name, String text) {
        List<ArrayNode> alternatives = List.of(JSON.createArrayNode());
        for (String condition : text.strip().split("\\s+and\\s+")) {
            Matcher matcher = CONDITION.matcher(condition.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("condition on %s: %s".formatted(name, condition));
            }
            alternatives = with(alternatives, matcher);
        }
        for (ArrayNode arguments : alternatives) {
            ObjectNode rule = rule(rules, "SCMP_ACT_ALLOW");
            rule.putArray("names").add(name);
            rule.set("args", arguments);
        }
    }

    private static List<ArrayNode> with(List<ArrayNode> alternatives, Matcher condition) {
        int index = Integer.parseInt(condition.group(1));
        List<ObjectNode> arguments = condition.group(2).equals("without")
                ? List.of(argument(index, "SCMP_CMP_MASKED_EQ", number(condition.group(3)))
                        .put("valueTwo", 0))
                : List.of(condition.group(3).strip().split("\\s+")).stream()
                        .map(value -> argument(index, "SCMP_CMP_EQ", number(value)))
                        .toList();
        return alternatives.stream()
                .flatMap(before ->
                        arguments.stream().map(argument -> before.deepCopy().add(argument)))
                .toList();
    }

    private static ObjectNode argument(int index, String operator, long value) {
        return JSON.createObjectNode().put("index", index).put("op", operator).put("value", value);
    }

    private static ObjectNode rule(ArrayNode rules, String action) {
        return rules.addObject().put("action", action);
    }

    private static long number(String text) {
        return Long.decode(text.strip());
    }
}
