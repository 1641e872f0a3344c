package dev.wisp.controller.serving;

import dev.wisp.controller.policy.Defaults;
import io.fabric8.knative.serving.v1.RevisionSpec;
import io.fabric8.knative.serving.v1.ServiceSpec;
import io.fabric8.knative.serving.v1.TrafficTarget;
import io.fabric8.knative.serving.v1.TrafficTargetBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the defaults into a valid spec, so that a reader sees what holds, and so that the same manifest sent again is the same spec.
 */
final class ServiceDefaulting {

    private ServiceDefaulting() {}

    static void fill(ServiceSpec spec) {
        fill(spec.getTemplate().getSpec());
        if (spec.getTraffic() == null || spec.getTraffic().isEmpty()) {
            spec.setTraffic(List.of(new TrafficTargetBuilder()
                    .withLatestRevision(true)
                    .withPercent(100L)
                    .build()));
        }
        for (TrafficTarget target : spec.getTraffic()) {
            target.setLatestRevision(Boolean.TRUE.equals(target.getLatestRevision()));
            target.setUrl(null);
        }
    }

    private static void fill(RevisionSpec spec) {
        if (spec.getContainerConcurrency() == null) {
            spec.setContainerConcurrency(Defaults.CONTAINER_CONCURRENCY);
        }
        if (spec.getTimeoutSeconds() == null) {
            spec.setTimeoutSeconds(Defaults.TIMEOUT_SECONDS);
        }
        spec.setEnableServiceLinks(false);
        Container container = spec.getContainers().getFirst();
        if (container.getName() == null || container.getName().isEmpty()) {
            container.setName(Defaults.CONTAINER_NAME);
        }
        fillPort(container);
        fillResources(container);
        container.setReadinessProbe(new ProbeBuilder()
                .withNewTcpSocket()
                .withPort(new IntOrString(0))
                .endTcpSocket()
                .withSuccessThreshold(1)
                .build());
    }

    private static void fillPort(Container container) {
        if (container.getPorts() == null || container.getPorts().isEmpty()) {
            container.setPorts(List.of(
                    new ContainerPortBuilder().withContainerPort(Defaults.PORT).build()));
        }
        ContainerPort port = container.getPorts().getFirst();
        if (port.getName() == null || port.getName().isEmpty()) {
            port.setName(Defaults.PORT_NAME);
        }
        port.setProtocol("TCP");
    }

    private static void fillResources(Container container) {
        ResourceRequirements resources =
                container.getResources() == null ? new ResourceRequirements() : container.getResources();
        Map<String, Quantity> limits = new HashMap<>(orEmpty(resources.getLimits()));
        Map<String, Quantity> requests = orEmpty(resources.getRequests());
        limits.putIfAbsent("cpu", requests.getOrDefault("cpu", new Quantity(Defaults.CPU)));
        limits.putIfAbsent("memory", requests.getOrDefault("memory", new Quantity(Defaults.MEMORY)));
        resources.setLimits(limits);
        container.setResources(resources);
    }

    private static Map<String, Quantity> orEmpty(@Nullable Map<String, Quantity> map) {
        return map == null ? Map.of() : map;
    }
}
