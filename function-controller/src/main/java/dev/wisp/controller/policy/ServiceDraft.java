package dev.wisp.controller.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service as a client wrote it, unchecked; null is what was left out. */
public record ServiceDraft(
        String namespace,
        String name,
        Map<String, String> labels,
        Map<String, String> annotations,
        Template template,
        List<Traffic> traffic) {

    /** The revision template. */
    public record Template(
            @Nullable String revisionName,
            Map<String, String> labels,
            Map<String, String> annotations,
            @Nullable Long containerConcurrency,
            @Nullable Long timeoutSeconds,
            NodeChoice nodes,
            @Nullable Container container) {}

    /** On which nodes its instances may run, as the template's {@code nodeSelector}, {@code affinity} and so on say. */
    public record NodeChoice(
            Map<String, String> selector,
            List<Term> required,
            List<Preferred> preferred,
            List<Tolerated> tolerations,
            List<Spread> spreads) {

        public static final NodeChoice NONE = new NodeChoice(Map.of(), List.of(), List.of(), List.of(), List.of());
    }

    /** Conditions on a node's labels, all of which must hold. */
    public record Term(List<Expression> expressions) {}

    /** One condition. */
    public record Expression(@Nullable String key, @Nullable String operator, List<String> values) {}

    /** A term with its weight. */
    public record Preferred(@Nullable Integer weight, Term term) {}

    /** A taint that is tolerated. */
    public record Tolerated(
            @Nullable String key,
            @Nullable String operator,
            @Nullable String value,
            @Nullable String effect) {}

    /** A label over whose values instances are spread. */
    public record Spread(
            @Nullable String topologyKey,
            @Nullable Integer maxSkew,
            @Nullable String whenUnsatisfiable) {}

    /** The one container. */
    public record Container(
            @Nullable String name,
            @Nullable String image,
            @Nullable String imagePullPolicy,
            List<String> command,
            List<String> args,
            List<Variable> env,
            @Nullable String workingDir,
            @Nullable Port port,
            Map<String, String> limits,
            Map<String, String> requests,
            SecurityContext security,
            @Nullable Probe readinessProbe) {}

    /** What the container's security context says; null is what was left out. */
    public record SecurityContext(
            @Nullable Long runAsUser,
            @Nullable Long runAsGroup,
            @Nullable Boolean runAsNonRoot,
            @Nullable Boolean readOnlyRootFilesystem,
            @Nullable String seccompProfile,
            List<String> capabilities) {}

    /** An environment variable. */
    public record Variable(@Nullable String name, @Nullable String value) {}

    /** The port the container listens on. */
    public record Port(
            @Nullable Integer number,
            @Nullable String name,
            @Nullable String protocol) {}

    /** A TCP readiness probe; {@code tcp} says whether it is one. */
    public record Probe(
            boolean tcp,
            @Nullable String port,
            @Nullable String host,
            @Nullable Integer successThreshold) {}

    /** One traffic target. */
    public record Traffic(
            @Nullable String revisionName,
            @Nullable Boolean latestRevision,
            @Nullable Long percent) {}
}
