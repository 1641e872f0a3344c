package dev.wisp.controller.policy;

import dev.wisp.contracts.problem.Problem.FieldError;
import dev.wisp.controller.policy.FieldShape.Anything;
import dev.wisp.controller.policy.FieldShape.Elements;
import dev.wisp.controller.policy.FieldShape.Fields;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses every field of a service that Wisp does not honour, so that nothing a user asks for is dropped in silence. A field that
 * asks for nothing (null, false, empty) passes: clients write those without meaning them.
 */
public final class FieldPolicy {

    private static final int LIST_MAX = 1_000;
    private static final String NOT_SUPPORTED = "is not supported by Wisp; remove it";
    private static final FieldShape ANYTHING = new Anything();

    private static final FieldShape METADATA = fields(
            "name",
            "namespace",
            "labels",
            "annotations",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "managedFields",
            "selfLink");

    private static final FieldShape ENV = new Elements(fields("name", "value"), LIST_MAX, "at most 1000 variables");
    private static final FieldShape PORTS =
            new Elements(fields("containerPort", "name", "protocol"), 1, "a service listens on one port");
    private static final FieldShape QUANTITIES = fields("cpu", "memory");
    private static final FieldShape RESOURCES = new Fields(Map.of("limits", QUANTITIES, "requests", QUANTITIES));
    private static final FieldShape PROBE =
            with(fields("successThreshold"), Map.of("tcpSocket", fields("port", "host")));

    private static final FieldShape CONTAINER = with(
            fields("name", "image", "imagePullPolicy", "command", "args", "workingDir"),
            Map.of(
                    "env", ENV,
                    "ports", PORTS,
                    "resources", RESOURCES,
                    "securityContext",
                            with(
                                    fields("runAsUser", "runAsGroup", "runAsNonRoot", "readOnlyRootFilesystem"),
                                    Map.of(
                                            "capabilities", fields("add", "drop"),
                                            "seccompProfile", fields("type"))),
                    "readinessProbe", PROBE));

    private static final FieldShape TERM = new Fields(
            Map.of("matchExpressions", new Elements(fields("key", "operator", "values"), 16, "at most 16 conditions")));

    private static final FieldShape NODE_AFFINITY = new Fields(Map.of(
            "requiredDuringSchedulingIgnoredDuringExecution",
            new Fields(Map.of("nodeSelectorTerms", new Elements(TERM, 16, "at most 16 terms"))),
            "preferredDuringSchedulingIgnoredDuringExecution",
            new Elements(with(fields("weight"), Map.of("preference", TERM)), 16, "at most 16 preferences")));

    private static final Fields NODES = with(
            fields("nodeSelector"),
            Map.of(
                    "affinity",
                    new Fields(Map.of("nodeAffinity", NODE_AFFINITY)),
                    "tolerations",
                    new Elements(fields("key", "operator", "value", "effect"), 16, "at most 16 tolerations"),
                    "topologySpreadConstraints",
                    new Elements(
                            fields("topologyKey", "maxSkew", "whenUnsatisfiable"),
                            1,
                            "instances are spread over the values of one label")));

    private static final FieldShape TEMPLATE = new Fields(Map.of(
            "metadata", fields("name", "labels", "annotations", "creationTimestamp"),
            "spec",
                    with(
                            with(fields("containerConcurrency", "timeoutSeconds"), NODES.known()),
                            Map.of("containers", new Elements(CONTAINER, 1, "one container a service")))));

    private static final FieldShape TRAFFIC = new Elements(
            fields("latestRevision", "revisionName", "percent", "url"),
            1,
            "splitting traffic is not supported: one target with 100 percent");

    private static final FieldShape SERVICE = with(
            fields("apiVersion", "kind", "status"),
            Map.of("metadata", METADATA, "spec", new Fields(Map.of("template", TEMPLATE, "traffic", TRAFFIC))));

    private FieldPolicy() {}

    /** Checks a whole service as plain maps, lists and scalars. */
    public static List<FieldError> unsupported(Map<String, ?> service) {
        Findings findings = new Findings();
        check("", service, SERVICE, findings);
        return findings.errors();
    }

    private static void check(String pointer, @Nullable Object value, FieldShape shape, Findings findings) {
        switch (shape) {
            case Anything anything -> {}
            case Fields fields when value instanceof Map<?, ?> object -> checkFields(pointer, object, fields, findings);
            case Fields fields -> {}
            case Elements elements when value instanceof List<?> list -> checkList(pointer, list, elements, findings);
            case Elements elements -> {}
        }
    }

    private static void checkFields(String pointer, Map<?, ?> object, Fields fields, Findings findings) {
        object.forEach((key, value) -> {
            String at = Findings.step(pointer, String.valueOf(key));
            FieldShape shape = fields.known().get(String.valueOf(key));
            if (shape != null) {
                check(at, value, shape, findings);
            } else if (asksForSomething(value)) {
                findings.add(at, NOT_SUPPORTED);
            }
        });
    }

    private static void checkList(String pointer, List<?> list, Elements elements, Findings findings) {
        for (int i = 0; i < Math.min(list.size(), elements.max()); i++) {
            check(pointer + "/" + i, list.get(i), elements.each(), findings);
        }
        if (list.size() > elements.max()) {
            findings.add(pointer + "/" + elements.max(), elements.beyond());
        }
    }

    private static boolean asksForSomething(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean flag -> flag;
            case String text -> !text.isEmpty();
            case Map<?, ?> object -> object.values().stream().anyMatch(FieldPolicy::asksForSomething);
            case Collection<?> list -> !list.isEmpty();
            default -> true;
        };
    }

    private static Fields fields(String... names) {
        Map<String, FieldShape> known = new HashMap<>();
        for (String name : names) {
            known.put(name, ANYTHING);
        }
        return new Fields(Map.copyOf(known));
    }

    private static Fields with(Fields fields, Map<String, FieldShape> more) {
        Map<String, FieldShape> known = new HashMap<>(fields.known());
        known.putAll(more);
        return new Fields(Map.copyOf(known));
    }
}
