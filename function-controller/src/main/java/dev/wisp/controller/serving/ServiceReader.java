package dev.wisp.controller.serving;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.Problem.FieldError;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.controller.policy.FieldPolicy;
import dev.wisp.controller.policy.Findings;
import dev.wisp.controller.policy.OperatorTerms;
import dev.wisp.controller.policy.ServicePolicy;
import dev.wisp.controller.policy.ServicePolicy.Verdict;
import dev.wisp.controller.policy.ServicePolicy.Verdict.Accepted;
import dev.wisp.controller.policy.ServicePolicy.Verdict.Refused;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a request body into a valid {@link DesiredService}, or into a problem that names every field that is wrong. */
final class ServiceReader {

    static final String API_VERSION = "serving.knative.dev/v1";
    static final String KIND = "Service";

    private ServiceReader() {}

    /**
     * Reads one.
     *
     * @param name the one in the path of the request; null when the body alone names the service
     * @param terms the operator's
     */
    static DesiredService read(byte[] body, String namespace, @Nullable String name, OperatorTerms terms) {
        Map<String, Object> tree = KnativeJson.tree(body);
        Service service = KnativeJson.typed(tree, Service.class);
        ObjectMeta metadata = service.getMetadata() == null ? new ObjectMeta() : service.getMetadata();
        Findings findings = new Findings();
        checkType(tree, findings);
        checkPlace(metadata, namespace, name, findings);
        findings.addAll(FieldPolicy.unsupported(tree));
        String named = name == null ? metadata.getName() : name;
        Verdict verdict = ServicePolicy.decide(
                DraftReader.draft(service, namespace, named == null ? "" : named), findings.errors(), terms);
        return switch (verdict) {
            case Refused refused -> throw invalid(namespace, named, refused.errors());
            case Accepted accepted -> desired(service, metadata, namespace, String.valueOf(named), accepted);
        };
    }

    private static void checkType(Map<String, Object> tree, Findings findings) {
        if (!API_VERSION.equals(tree.get("apiVersion"))) {
            findings.add("/apiVersion", "must be " + API_VERSION);
        }
        if (!KIND.equals(tree.get("kind"))) {
            findings.add("/kind", "must be " + KIND);
        }
    }

    private static void checkPlace(ObjectMeta metadata, String namespace, @Nullable String name, Findings findings) {
        if (metadata.getNamespace() != null && !metadata.getNamespace().equals(namespace)) {
            findings.add("/metadata/namespace", "is not the namespace of the request's path, %s".formatted(namespace));
        }
        if (name != null && metadata.getName() != null && !metadata.getName().equals(name)) {
            findings.add("/metadata/name", "is not the name of the request's path, %s".formatted(name));
        }
        if (name == null
                && metadata.getResourceVersion() != null
                && !metadata.getResourceVersion().isEmpty()) {
            findings.add("/metadata/resourceVersion", "must not be set on an object to be created");
        }
    }

    private static DesiredService desired(
            Service service, ObjectMeta metadata, String namespace, String name, Accepted accepted) {
        ServiceDefaulting.fill(service.getSpec());
        ObjectMeta kept = new ObjectMetaBuilder()
                .withLabels(metadata.getLabels())
                .withAnnotations(metadata.getAnnotations())
                .build();
        return new DesiredService(
                namespace,
                name,
                emptyToNull(metadata.getUid()),
                emptyToNull(metadata.getResourceVersion()),
                KnativeJson.write(kept),
                KnativeJson.write(service.getSpec()),
                KnativeJson.write(service.getSpec().getTemplate()),
                accepted.workload(),
                accepted.revisionName(),
                accepted.pinnedRevision());
    }

    private static ProblemException invalid(String namespace, @Nullable String name, List<FieldError> errors) {
        String which = name == null ? "the service" : "service %s/%s".formatted(namespace, name);
        String detail = errors.size() == 1
                ? "%s is not valid: %s %s"
                        .formatted(
                                which,
                                errors.getFirst().pointer(),
                                errors.getFirst().detail())
                : "%s is not valid: %d fields are wrong".formatted(which, errors.size());
        return new ProblemException(Problem.of(ErrorCode.INVALID, detail).withErrors(errors));
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
