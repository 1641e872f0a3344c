package dev.wisp.controller.serving;

import dev.wisp.controller.policy.ServiceDraft;
import io.fabric8.knative.serving.v1.RevisionSpec;
import io.fabric8.knative.serving.v1.RevisionTemplateSpec;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.knative.serving.v1.TrafficTarget;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes out of Knative's types what the checks look at; decides nothing. */
final class DraftReader {

    private DraftReader() {}

    static ServiceDraft draft(Service service, String namespace, String name) {
        ObjectMeta metadata = service.getMetadata() == null ? new ObjectMeta() : service.getMetadata();
        List<TrafficTarget> traffic = service.getSpec() == null
                ? List.of()
                : orEmpty(service.getSpec().getTraffic());
        return new ServiceDraft(
                namespace,
                name,
                orEmpty(metadata.getLabels()),
                orEmpty(metadata.getAnnotations()),
                template(service.getSpec() == null ? null : service.getSpec().getTemplate()),
                traffic.stream()
                        .map(target -> new ServiceDraft.Traffic(
                                target.getRevisionName(), target.getLatestRevision(), target.getPercent()))
                        .toList());
    }

    private static ServiceDraft.Template template(@Nullable RevisionTemplateSpec template) {
        if (template == null) {
            return new ServiceDraft.Template(null, Map.of(), Map.of(), null, null, ServiceDraft.NodeChoice.NONE, null);
        }
        ObjectMeta metadata = template.getMetadata() == null ? new ObjectMeta() : template.getMetadata();
        RevisionSpec spec = template.getSpec() == null ? new RevisionSpec() : template.getSpec();
        List<Container> containers = orEmpty(spec.getContainers());
        String name = metadata.getName();
        return new ServiceDraft.Template(
                name == null || name.isEmpty() ? null : name,
                orEmpty(metadata.getLabels()),
                orEmpty(metadata.getAnnotations()),
                spec.getContainerConcurrency(),
                spec.getTimeoutSeconds(),
                NodeChoiceReader.choice(spec),
                containers.isEmpty() || containers.getFirst() == null ? null : container(containers.getFirst()));
    }

    private static ServiceDraft.Container container(Container container) {
        List<ContainerPort> ports = orEmpty(container.getPorts());
        return new ServiceDraft.Container(
                container.getName(),
                container.getImage(),
                container.getImagePullPolicy(),
                orEmpty(container.getCommand()),
                orEmpty(container.getArgs()),
                orEmpty(container.getEnv()).stream()
                        .map(variable -> new ServiceDraft.Variable(variable.getName(), variable.getValue()))
                        .toList(),
                container.getWorkingDir(),
                ports.isEmpty() ? null : port(ports.getFirst()),
                quantities(
                        container.getResources() == null
                                ? null
                                : container.getResources().getLimits()),
                quantities(
                        container.getResources() == null
                                ? null
                                : container.getResources().getRequests()),
                security(container.getSecurityContext()),
                container.getReadinessProbe() == null ? null : probe(container.getReadinessProbe()));
    }

    private static ServiceDraft.SecurityContext security(@Nullable SecurityContext given) {
        SecurityContext context = given == null ? new SecurityContext() : given;
        return new ServiceDraft.SecurityContext(
                context.getRunAsUser(),
                context.getRunAsGroup(),
                context.getRunAsNonRoot(),
                context.getReadOnlyRootFilesystem(),
                context.getSeccompProfile() == null
                        ? null
                        : context.getSeccompProfile().getType(),
                context.getCapabilities() == null
                        ? List.of()
                        : orEmpty(context.getCapabilities().getAdd()));
    }

    private static ServiceDraft.Port port(ContainerPort port) {
        return new ServiceDraft.Port(port.getContainerPort(), port.getName(), port.getProtocol());
    }

    private static ServiceDraft.Probe probe(Probe probe) {
        if (probe.getTcpSocket() == null) {
            return new ServiceDraft.Probe(false, null, null, probe.getSuccessThreshold());
        }
        IntOrString port = probe.getTcpSocket().getPort();
        return new ServiceDraft.Probe(
                true,
                port == null ? null : String.valueOf(port.getValue()),
                probe.getTcpSocket().getHost(),
                probe.getSuccessThreshold());
    }

    private static Map<String, String> quantities(@Nullable Map<String, Quantity> quantities) {
        Map<String, String> texts = new LinkedHashMap<>();
        orEmpty(quantities).forEach((key, quantity) -> texts.put(key, quantity.toString()));
        return texts;
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static <T> Map<String, T> orEmpty(@Nullable Map<String, T> map) {
        return map == null ? Map.of() : map;
    }
}
