package dev.wisp.controller.policy;

import dev.wisp.contracts.problem.Problem.FieldError;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides whether a service is valid, and what it asks for. */
public final class ServicePolicy {

    private static final int TEXT_MAX = 256 << 10;
    private static final int LABELS_MAX = 64;

    /** Annotations that change how a service runs mean nothing on the service itself; on its template they do. */
    private static final List<String> TEMPLATE_ONLY = List.of("autoscaling.knative.dev/", "wisp.dev/");

    private ServicePolicy() {}

    /** Outcome of the checks. */
    public sealed interface Verdict {

        /** Valid; {@code pinnedRevision} is null when traffic goes to the latest ready revision. */
        record Accepted(
                Workload workload,
                @Nullable String revisionName,
                @Nullable String pinnedRevision) implements Verdict {}

        /** Not valid, for all of these reasons. */
        record Refused(List<FieldError> errors) implements Verdict {}
    }

    /**
     * Checks a service.
     *
     * @param unsupported what {@link FieldPolicy} found, so that a user sees everything at once
     * @param terms the operator's
     */
    public static Verdict decide(ServiceDraft draft, List<FieldError> unsupported, OperatorTerms terms) {
        Findings findings = new Findings();
        findings.addAll(unsupported);
        if (!Names.isDnsLabel(draft.name())) {
            findings.add("/metadata/name", "'%s' %s".formatted(shortened(draft.name()), Names.LABEL_RULE));
        }
        if (!Names.isDnsLabel(draft.namespace())) {
            findings.add("/metadata/namespace", "'%s' %s".formatted(shortened(draft.namespace()), Names.LABEL_RULE));
        }
        checkLabels("/metadata/labels", draft.labels(), findings);
        checkAnnotations("/metadata/annotations", draft.annotations(), findings);
        checkMisplaced(draft.annotations(), findings);
        checkRevisionName(draft, findings);
        String pinned = pinned(draft.traffic(), findings);
        Workload workload = TemplatePolicy.workload(draft.template(), draft.labels(), terms, findings);
        return workload == null || !findings.isEmpty()
                ? new Verdict.Refused(findings.errors())
                : new Verdict.Accepted(workload, draft.template().revisionName(), pinned);
    }

    static void checkLabels(String pointer, Map<String, String> labels, Findings findings) {
        if (labels.size() > LABELS_MAX) {
            findings.add(pointer, "are %d, at most %d".formatted(labels.size(), LABELS_MAX));
            return;
        }
        labels.forEach((key, value) -> {
            String at = Findings.step(pointer, key);
            if (!Names.isQualifiedName(key)) {
                findings.add(at, "is not a label name");
            }
            if (value == null || !Names.isLabelValue(value)) {
                findings.add(at, "must be at most 63 letters, digits, '-', '_' and '.'");
            }
        });
    }

    static void checkAnnotations(String pointer, Map<String, String> annotations, Findings findings) {
        long size = 0;
        for (Map.Entry<String, String> entry : annotations.entrySet()) {
            if (!Names.isQualifiedName(entry.getKey())) {
                findings.add(Findings.step(pointer, entry.getKey()), "is not an annotation name");
            }
            if (entry.getValue() == null) {
                findings.add(Findings.step(pointer, entry.getKey()), "must be a string");
            } else {
                size += entry.getKey().length() + entry.getValue().length();
            }
        }
        if (size > TEXT_MAX) {
            findings.add(pointer, "are %d characters together, at most %d".formatted(size, TEXT_MAX));
        }
    }

    static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    private static void checkMisplaced(Map<String, String> annotations, Findings findings) {
        for (String key : annotations.keySet()) {
            if (TEMPLATE_ONLY.stream().anyMatch(key::startsWith)) {
                findings.add(
                        Findings.step("/metadata/annotations", key),
                        "has no effect on a service; put it into /spec/template/metadata/annotations");
            }
        }
    }

    private static void checkRevisionName(ServiceDraft draft, Findings findings) {
        String name = draft.template().revisionName();
        if (name == null) {
            return;
        }
        if (!Names.isDnsLabel(name) || !name.startsWith(draft.name() + "-")) {
            findings.add(
                    "/spec/template/metadata/name",
                    "'%s' must start with '%s-' and be a DNS label of at most 63 characters"
                            .formatted(shortened(name), shortened(draft.name())));
        }
    }

    private static @Nullable String pinned(List<ServiceDraft.Traffic> traffic, Findings findings) {
        if (traffic.isEmpty()) {
            return null;
        }
        ServiceDraft.Traffic target = traffic.getFirst();
        boolean latest = Boolean.TRUE.equals(target.latestRevision());
        String name = target.revisionName() == null || target.revisionName().isEmpty() ? null : target.revisionName();
        if (latest == (name != null)) {
            findings.add("/spec/traffic/0", "must have either latestRevision true or a revisionName");
        }
        if (target.percent() == null || target.percent() != 100) {
            findings.add("/spec/traffic/0/percent", "must be 100; splitting traffic is not supported");
        }
        return name;
    }
}
