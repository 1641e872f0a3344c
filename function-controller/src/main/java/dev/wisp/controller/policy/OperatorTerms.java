package dev.wisp.controller.policy;

import dev.wisp.contracts.event.WebhookOrigins;
import dev.wisp.contracts.problem.Problem.FieldError;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the operator lets services do, and what they get when they do not say.
 *
 * @param webhooks where webhooks may go
 * @param annotations of a template that has none of that key, in either of its spellings
 */
public record OperatorTerms(WebhookOrigins webhooks, Map<String, String> annotations) {

    /** No webhooks, and what is listed in {@code docs/reference/api.md}. */
    public static final OperatorTerms NONE = new OperatorTerms(WebhookOrigins.NONE, Map.of());

    /** Throws {@link IllegalArgumentException} when a template with these annotations and no others would be refused. */
    public OperatorTerms {
        annotations = Map.copyOf(annotations);
        Findings findings = new Findings();
        Annotations alone = new Annotations(annotations, findings);
        TemplatePolicy.read(alone, webhooks);
        for (String key : new TreeMap<>(annotations).keySet()) {
            if (!alone.isMeant(key)) {
                findings.add(Findings.step(Annotations.POINTER, key), "means nothing to Wisp");
            }
        }
        List<FieldError> errors = findings.errors();
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("wisp.controller.serving.default-annotations: %s %s"
                    .formatted(errors.getFirst().pointer(), errors.getFirst().detail()));
        }
    }
}
