package dev.wisp.controller.serving;

import dev.wisp.controller.revision.Condition;
import dev.wisp.controller.revision.ConditionPolicy;
import dev.wisp.controller.route.ServingConfig;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.StoredRevision;
import dev.wisp.controller.store.StoredService;
import io.fabric8.knative.pkg.apis.ConditionBuilder;
import io.fabric8.knative.serving.v1.Revision;
import io.fabric8.knative.serving.v1.RevisionBuilder;
import io.fabric8.knative.serving.v1.RevisionTemplateSpec;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.knative.serving.v1.ServiceBuilder;
import io.fabric8.knative.serving.v1.ServiceSpec;
import io.fabric8.knative.serving.v1.ServiceStatus;
import io.fabric8.knative.serving.v1.ServiceStatusBuilder;
import io.fabric8.knative.serving.v1.TrafficTarget;
import io.fabric8.knative.serving.v1.TrafficTargetBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows stored services and revisions as Knative's objects. */
final class ServiceView {

    private static final String SERVING = "serving.knative.dev/";

    private ServiceView() {}

    static Service service(ServiceSnapshot snapshot, ServingConfig config) {
        StoredService stored = snapshot.service();
        ObjectMeta metadata = new ObjectMetaBuilder(KnativeJson.read(stored.metadata(), ObjectMeta.class))
                .withName(stored.name())
                .withNamespace(stored.namespace())
                .withUid(stored.uid().toString())
                .withResourceVersion(Long.toString(stored.resourceVersion()))
                .withGeneration(stored.generation())
                .withCreationTimestamp(time(stored.createdAt()))
                .build();
        return new ServiceBuilder()
                .withMetadata(metadata)
                .withSpec(KnativeJson.read(stored.spec(), ServiceSpec.class))
                .withStatus(status(snapshot, config))
                .build();
    }

    static Revision revision(StoredRevision stored) {
        RevisionTemplateSpec template = KnativeJson.read(stored.template(), RevisionTemplateSpec.class);
        ObjectMeta own = template.getMetadata() == null ? new ObjectMeta() : template.getMetadata();
        Map<String, String> labels = new HashMap<>(own.getLabels() == null ? Map.of() : own.getLabels());
        labels.putAll(labels(stored));
        ObjectMeta metadata = new ObjectMetaBuilder()
                .withName(stored.name())
                .withNamespace(stored.id().namespace())
                .withUid(stored.uid().toString())
                .withResourceVersion(Long.toString(stored.resourceVersion()))
                .withGeneration(1L)
                .withCreationTimestamp(time(stored.createdAt()))
                .withLabels(labels)
                .withAnnotations(own.getAnnotations())
                .addNewOwnerReference()
                .withApiVersion(ServiceReader.API_VERSION)
                .withKind(ServiceReader.KIND)
                .withName(stored.spec().service())
                .withUid(stored.serviceUid().toString())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .endOwnerReference()
                .build();
        return new RevisionBuilder()
                .withMetadata(metadata)
                .withSpec(template.getSpec())
                .withNewStatus()
                .withObservedGeneration(1L)
                .withConditions(conditions(ConditionPolicy.conditions(stored)))
                .addNewContainerStatus()
                .withName(template.getSpec().getContainers().getFirst().getName())
                .withImageDigest(imageDigest(stored))
                .endContainerStatus()
                .endStatus()
                .build();
    }

    static Map<String, String> labels(StoredRevision stored) {
        String service = stored.spec().service();
        return Map.of(
                SERVING + "service",
                service,
                SERVING + "serviceUID",
                stored.serviceUid().toString(),
                SERVING + "configuration",
                service,
                SERVING + "configurationGeneration",
                Long.toString(stored.number()),
                SERVING + "routingState",
                stored.published() ? "active" : "reserve");
    }

    static String imageDigest(StoredRevision stored) {
        return stored.spec().image().repository() + "@" + stored.spec().image().digest();
    }

    private static ServiceStatus status(ServiceSnapshot snapshot, ServingConfig config) {
        StoredService stored = snapshot.service();
        String url = config.url(stored.route().host());
        List<TrafficTarget> traffic = stored.route().targets().stream()
                .map(target -> new TrafficTargetBuilder()
                        .withRevisionName(target.revision().name())
                        .withPercent((long) target.percent())
                        .withLatestRevision(stored.pinnedRevision() == null)
                        .build())
                .toList();
        return new ServiceStatusBuilder()
                .withObservedGeneration(stored.generation())
                .withConditions(conditions(ServiceConditionPolicy.conditions(snapshot)))
                .withLatestCreatedRevisionName(stored.latestCreatedRevision())
                .withLatestReadyRevisionName(stored.latestReadyRevision())
                .withUrl(url)
                .withNewAddress()
                .withUrl(url)
                .endAddress()
                .withTraffic(traffic)
                .build();
    }

    private static List<io.fabric8.knative.pkg.apis.Condition> conditions(List<Condition> conditions) {
        return conditions.stream()
                .map(condition -> new ConditionBuilder()
                        .withType(condition.type())
                        .withStatus(status(condition.status()))
                        .withReason(condition.reason())
                        .withMessage(condition.message())
                        .withLastTransitionTime(time(condition.since()))
                        .build())
                .toList();
    }

    private static String status(Condition.Status status) {
        return status.name().charAt(0) + status.name().substring(1).toLowerCase(Locale.ROOT);
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
