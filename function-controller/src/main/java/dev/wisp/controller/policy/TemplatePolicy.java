package dev.wisp.controller.policy;

import dev.wisp.contracts.event.WebhookOrigins;
import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.RevisionSpec.Protocol;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.controller.policy.ServiceDraft.Container;
import dev.wisp.controller.policy.ServiceDraft.Port;
import dev.wisp.controller.policy.ServiceDraft.Probe;
import dev.wisp.controller.policy.ServiceDraft.Template;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks a revision template and fills in the defaults. */
final class TemplatePolicy {

    private static final String TEMPLATE = "/spec/template";
    static final String CONTAINER = TEMPLATE + "/spec/containers/0";

    private static final long CONCURRENCY_MAX = 1_000;
    private static final long TIMEOUT_SECONDS_MAX = 3_600;
    private static final int IMAGE_LENGTH_MAX = 1_024;
    private static final int PORT_MAX = 65_535;

    private TemplatePolicy() {}

    /**
     * What the template asks for; null when there is no telling, which the findings then explain.
     *
     * @param labels of the service
     */
    static @Nullable Workload workload(
            Template template, Map<String, String> labels, OperatorTerms terms, Findings findings) {
        ServicePolicy.checkLabels(TEMPLATE + "/metadata/labels", template.labels(), findings);
        ServicePolicy.checkAnnotations(TEMPLATE + "/metadata/annotations", template.annotations(), findings);
        Annotated annotated =
                read(new Annotations(template.annotations(), terms.annotations(), findings), terms.webhooks());
        PlacementSpec placement = PlacementPolicy.placement(template.nodes(), findings);
        Container container = template.container();
        if (container == null) {
            findings.add(TEMPLATE + "/spec/containers", "must have one container");
            return null;
        }
        return workload(template, container, annotated, placement, labels, findings);
    }

    /** What annotations say. */
    record Annotated(ScalingSpec scaling, long startTimeoutMillis, NetworkSpec network, AsyncSpec async) {}

    /** Refuses those that nobody understands. */
    static Annotated read(Annotations annotations, WebhookOrigins webhooks) {
        ScalingSpec scaling = ScalingPolicy.scaling(annotations);
        long startTimeout = annotations.millis(
                "wisp.dev/start-timeout", Defaults.START_TIMEOUT_MILLIS, 100, TIMEOUT_SECONDS_MAX * 1_000);
        NetworkSpec network = NetworkPolicy.network(annotations);
        AsyncSpec async = AsyncPolicy.async(annotations, webhooks);
        annotations.refuseUnread();
        return new Annotated(scaling, startTimeout, network, async);
    }

    private static @Nullable Workload workload(
            Template template,
            Container container,
            Annotated annotated,
            PlacementSpec placement,
            Map<String, String> labels,
            Findings findings) {
        checkContainer(container, findings);
        Port port = container.port();
        int number = port == null ? Defaults.PORT : portNumber(port, findings);
        Protocol protocol = port == null ? Protocol.HTTP1 : protocol(port, findings);
        checkProbe(container.readinessProbe(), number, findings);
        Map<String, String> env = EnvironmentPolicy.environment(container.env(), findings);
        Limits limits = LimitsPolicy.limits(container, findings);
        long concurrency = bounded(
                template.containerConcurrency(),
                Defaults.CONTAINER_CONCURRENCY,
                0,
                CONCURRENCY_MAX,
                TEMPLATE + "/spec/containerConcurrency",
                findings);
        long timeout = bounded(
                template.timeoutSeconds(),
                Defaults.TIMEOUT_SECONDS,
                1,
                TIMEOUT_SECONDS_MAX,
                TEMPLATE + "/spec/timeoutSeconds",
                findings);
        if (container.image() == null || !findings.isEmpty()) {
            return null;
        }
        return new Workload(
                container.image(),
                container.command(),
                container.args(),
                env,
                emptyToNull(container.workingDir()),
                SecurityPolicy.user(container.security()),
                CapabilityPolicy.known(container.security().capabilities()),
                SecurityPolicy.restrictions(container.security()),
                number,
                protocol,
                limits,
                (int) concurrency,
                timeout * 1_000,
                annotated.startTimeoutMillis(),
                annotated.scaling(),
                annotated.network(),
                annotated.async(),
                placement,
                merged(labels, template.labels()));
    }

    private static Map<String, String> merged(Map<String, String> ofService, Map<String, String> ofTemplate) {
        Map<String, String> labels = new TreeMap<>(ofService);
        labels.putAll(ofTemplate);
        return Map.copyOf(labels);
    }

    private static void checkContainer(Container container, Findings findings) {
        checkImage(container.image(), findings);
        if (container.name() != null && !container.name().isEmpty() && !Names.isDnsLabel(container.name())) {
            findings.add(CONTAINER + "/name", Names.LABEL_RULE);
        }
        String pull = container.imagePullPolicy();
        if (pull != null && !Set.of("", "Always", "IfNotPresent").contains(pull)) {
            findings.add(
                    CONTAINER + "/imagePullPolicy",
                    "must be Always or IfNotPresent, which are the same here: a revision pins its image by digest");
        }
        checkWords(CONTAINER + "/command", container.command(), findings);
        checkWords(CONTAINER + "/args", container.args(), findings);
        String directory = emptyToNull(container.workingDir());
        if (directory != null && (!directory.startsWith("/") || directory.indexOf('\0') >= 0)) {
            findings.add(CONTAINER + "/workingDir", "must be an absolute path");
        }
        SecurityPolicy.check(container.security(), findings);
    }

    private static void checkImage(@Nullable String image, Findings findings) {
        if (image == null || image.isBlank()) {
            findings.add(CONTAINER + "/image", "is missing: name the image to run");
        } else if (image.length() > IMAGE_LENGTH_MAX || image.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            findings.add(
                    CONTAINER + "/image",
                    "'%s' is not an image reference".formatted(ServicePolicy.shortened(image.strip())));
        }
    }

    private static void checkWords(String pointer, List<String> words, Findings findings) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i) == null || !EnvironmentPolicy.fitsExec(words.get(i))) {
                findings.add(pointer + "/" + i, EnvironmentPolicy.EXEC_RULE);
            }
        }
        if (words.size() > EnvironmentPolicy.WORDS_MAX) {
            findings.add(pointer, "has %d elements, at most %d".formatted(words.size(), EnvironmentPolicy.WORDS_MAX));
        }
    }

    private static int portNumber(Port port, Findings findings) {
        Integer number = port.number();
        if (number == null || number < 1 || number > PORT_MAX) {
            findings.add(CONTAINER + "/ports/0/containerPort", "is %s, must be 1..%d".formatted(number, PORT_MAX));
            return Defaults.PORT;
        }
        return number;
    }

    private static Protocol protocol(Port port, Findings findings) {
        if (port.protocol() != null && !Set.of("", "TCP").contains(port.protocol())) {
            findings.add(CONTAINER + "/ports/0/protocol", "must be TCP");
        }
        return switch (port.name()) {
            case null -> Protocol.HTTP1;
            case "", "http1", "http" -> Protocol.HTTP1;
            case "h2c" -> Protocol.H2C;
            default -> {
                findings.add(
                        CONTAINER + "/ports/0/name",
                        "'%s' must be http1 or h2c: the name says what the container speaks"
                                .formatted(ServicePolicy.shortened(port.name())));
                yield Protocol.HTTP1;
            }
        };
    }

    /** The node probes readiness itself, by TCP on the port; a probe that says just that is accepted, any other is not. */
    private static void checkProbe(@Nullable Probe probe, int port, Findings findings) {
        if (probe == null) {
            return;
        }
        String at = CONTAINER + "/readinessProbe";
        if (!probe.tcp()) {
            findings.add(at, "must be a tcpSocket probe");
        }
        String probed = probe.port();
        if (probed != null && !Set.of("0", "", Integer.toString(port)).contains(probed)) {
            findings.add(at + "/tcpSocket/port", "must be 0 or the container's port %d".formatted(port));
        }
        if (emptyToNull(probe.host()) != null) {
            findings.add(at + "/tcpSocket/host", "is not supported by Wisp; remove it");
        }
        if (probe.successThreshold() != null && probe.successThreshold() != 1) {
            findings.add(at + "/successThreshold", "must be 1");
        }
    }

    private static long bounded(
            @Nullable Long value, long byDefault, long min, long max, String pointer, Findings findings) {
        if (value == null) {
            return byDefault;
        }
        if (value < min || value > max) {
            findings.add(pointer, "is %d, must be %d..%d".formatted(value, min, max));
            return byDefault;
        }
        return value;
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
