package dev.wisp.controller.serving;

import static dev.wisp.controller.serving.Manifests.annotated;
import static dev.wisp.controller.serving.Manifests.container;
import static dev.wisp.controller.serving.Manifests.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.event.WebhookOrigins;
import dev.wisp.contracts.placement.NodeRequirement;
import dev.wisp.contracts.placement.NodeTerm;
import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.placement.Taint;
import dev.wisp.contracts.placement.Toleration;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.contracts.revision.Capability;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.Restriction;
import dev.wisp.contracts.revision.RevisionSpec.Protocol;
import dev.wisp.contracts.revision.ScaleSchedule;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.revision.ScalingSpec.Averaging;
import dev.wisp.contracts.revision.ScalingSpec.KeepAlive;
import dev.wisp.contracts.revision.ScalingSpec.Metric;
import dev.wisp.controller.policy.OperatorTerms;
import dev.wisp.controller.policy.Workload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServiceReaderTest {

    @Test
    void fillsInEveryDefault() {
        DesiredService desired = read(container("'image': 'r/i'"));

        assertThat(desired.workload())
                .isEqualTo(new Workload(
                        "r/i",
                        List.of(),
                        List.of(),
                        Map.of(),
                        null,
                        null,
                        List.of(),
                        List.of(),
                        8080,
                        Protocol.HTTP1,
                        new Limits(1_000, 256L << 20, 512, 64L << 20),
                        0,
                        300_000,
                        10_000,
                        ScalingSpec.DEFAULT,
                        NetworkSpec.NONE,
                        AsyncSpec.DEFAULT,
                        PlacementSpec.ANYWHERE,
                        Map.of()));
        assertThat(desired.pinnedRevision()).isNull();
        assertThat(desired.spec())
                .contains("\"latestRevision\":true", "\"containerPort\":8080", "\"memory\":\"256Mi\"", "\"cpu\":\"1\"");
    }

    @Test
    void readsEveryFieldItHonours() {
        DesiredService desired = read("""
                {'apiVersion': 'serving.knative.dev/v1', 'kind': 'Service',
                 'metadata': {'name': 's', 'namespace': 'n', 'labels': {'a/b': 'c', 'd': 'service'}, 'annotations': {'x.y/z': 'w'}},
                 'spec': {
                   'traffic': [{'revisionName': 's-two', 'percent': 100}],
                   'template': {
                     'metadata': {'name': 's-two', 'labels': {'d': 'template'}, 'annotations': {
                       'autoscaling.knative.dev/minScale': '1', 'autoscaling.knative.dev/max-scale': '9',
                       'autoscaling.knative.dev/initial-scale': '2', 'autoscaling.knative.dev/activation-scale': '3',
                       'autoscaling.knative.dev/metric': 'rps', 'autoscaling.knative.dev/target': '12.5',
                       'autoscaling.knative.dev/target-utilization-percentage': '80',
                       'autoscaling.knative.dev/target-burst-capacity': '-1', 'autoscaling.knative.dev/window': '1m30s',
                       'autoscaling.knative.dev/panic-window-percentage': '20',
                       'autoscaling.knative.dev/panicThresholdPercentage': '150',
                       'autoscaling.knative.dev/scale-down-delay': '15m',
                       'autoscaling.knative.dev/class': 'kpa.autoscaling.knative.dev',
                       'wisp.dev/keep-alive': '0s', 'wisp.dev/keep-alive-policy': 'economic', 'wisp.dev/freeze-after': '2500ms',
                       'wisp.dev/keep-frozen': '10m',
                       'autoscaling.knative.dev/scale-to-zero-pod-retention-period': '40s',
                       'autoscaling.knative.dev/metric-aggregation-algorithm': 'weighted-exponential',
                       'wisp.dev/min-scale-schedule':
                         '2 from 0 8 * * 1-5 to 0 18 * * 1-5 in Europe/Berlin; 9 from 0 0 24 12 * to 0 0 25 12 *',
                       'wisp.dev/start-timeout': '30s', 'mine/own': 'kept'}},
                     'spec': {'containerConcurrency': 5, 'timeoutSeconds': 60, 'containers': [{
                       'image': 'r/i:1', 'command': ['/a'], 'args': ['b', 'c'],
                       'env': [{'name': 'X', 'value': '1'}, {'name': 'Y'}, {'name': 'X', 'value': '2'}],
                       'ports': [{'containerPort': 9000, 'name': 'h2c'}], 'workingDir': '/w',
                       'resources': {'limits': {'cpu': '500m', 'memory': '64Mi'}, 'requests': {'cpu': '0.1'}},
                       'readinessProbe': {'tcpSocket': {'port': 0}, 'successThreshold': 1},
                       'securityContext': {'runAsUser': 1000, 'runAsGroup': 7, 'runAsNonRoot': true,
                         'readOnlyRootFilesystem': true, 'privileged': false, 'allowPrivilegeEscalation': false,
                         'seccompProfile': {'type': 'RuntimeDefault'},
                         'capabilities': {'drop': ['ALL'], 'add': ['NET_BIND_SERVICE', 'CAP_CHOWN', 'CHOWN']}}}]}}}}""");

        assertThat(desired.workload())
                .isEqualTo(new Workload(
                        "r/i:1",
                        List.of("/a"),
                        List.of("b", "c"),
                        Map.of("X", "2", "Y", ""),
                        "/w",
                        "1000:7",
                        List.of(Capability.CHOWN, Capability.NET_BIND_SERVICE),
                        List.of(Restriction.NO_ROOT_USER, Restriction.READ_ONLY_ROOT),
                        9000,
                        Protocol.H2C,
                        new Limits(500, 64L << 20, 512, 16L << 20, 100),
                        5,
                        60_000,
                        30_000,
                        ScalingSpec.DEFAULT
                                .with()
                                .minScale(1)
                                .maxScale(9)
                                .initialScale(2)
                                .activationScale(3)
                                .metric(Metric.RPS)
                                .target(12.5)
                                .targetUtilizationPercent(80)
                                .targetBurstCapacity(-1)
                                .windowSeconds(90)
                                .panicWindowPercent(20)
                                .panicThresholdPercent(150)
                                .scaleDownDelaySeconds(900)
                                .keepAliveMillis(0)
                                .keepAlive(KeepAlive.ECONOMIC)
                                .retentionSeconds(40)
                                .averaging(Averaging.WEIGHTED_EXPONENTIAL)
                                .schedules(List.of(
                                        new ScaleSchedule(2, "0 8 * * 1-5", "0 18 * * 1-5", "Europe/Berlin"),
                                        new ScaleSchedule(9, "0 0 24 12 *", "0 0 25 12 *", "UTC")))
                                .freezeAfterMillis(2_500)
                                .keepFrozenMillis(600_000)
                                .build(),
                        NetworkSpec.NONE,
                        AsyncSpec.DEFAULT,
                        PlacementSpec.ANYWHERE,
                        Map.of("a/b", "c", "d", "template")));
        assertThat(desired.revisionName()).isEqualTo("s-two");
        assertThat(desired.pinnedRevision()).isEqualTo("s-two");
    }

    @Test
    void readsOnWhichNodesItMayRun() {
        DesiredService desired = read("""
                {'apiVersion': 'serving.knative.dev/v1', 'kind': 'Service', 'metadata': {'name': 's'},
                 'spec': {'template': {'spec': {'containers': [{'image': 'r/i'}],
                   'nodeSelector': {'disk': 'ssd'},
                   'affinity': {'nodeAffinity': {'preferredDuringSchedulingIgnoredDuringExecution':
                     [{'weight': 5, 'preference': {'matchExpressions': [{'key': 'gpu', 'operator': 'Exists'}]}}]}},
                   'tolerations': [{'key': 'gpu', 'operator': 'Exists', 'effect': 'NoSchedule'}],
                   'topologySpreadConstraints':
                     [{'topologyKey': 'zone', 'maxSkew': 1, 'whenUnsatisfiable': 'ScheduleAnyway'}]}}}}""");

        assertThat(desired.workload().placement())
                .isEqualTo(new PlacementSpec(
                        List.of(new NodeTerm(List.of(NodeRequirement.is("disk", "ssd")))),
                        List.of(new PlacementSpec.Preference(
                                5,
                                new NodeTerm(List.of(
                                        new NodeRequirement("gpu", NodeRequirement.Operator.EXISTS, List.of()))))),
                        List.of(new Toleration("gpu", null, Taint.Effect.NO_SCHEDULE)),
                        "zone"));
        assertThat(desired.spec()).contains("\"nodeSelector\":{\"disk\":\"ssd\"}");
    }

    @Test
    void takesBackWhatItShows() {
        DesiredService first = read(container("'image': 'r/i', 'resources': {'requests': {'memory': '1Gi'}}"));

        DesiredService second = read("""
                {'apiVersion': 'serving.knative.dev/v1', 'kind': 'Service', 'status': {'url': 'http://x'},
                 'metadata': {'name': 's', 'uid': 'u', 'resourceVersion': '', 'generation': 3,
                              'creationTimestamp': '2026-01-01T00:00:00Z'},
                 'spec': SPEC}""".replace("SPEC", first.spec().replace('"', '\'')));

        assertThat(second.spec()).isEqualTo(first.spec());
        assertThat(second.template()).isEqualTo(first.template());
        assertThat(second.workload()).isEqualTo(first.workload());
    }

    /** Knative's cluster-wide configuration, as annotations. */
    @Test
    void theOperatorsDefaultsHoldWhereATemplateSaysNothing() {
        OperatorTerms terms = new OperatorTerms(
                WebhookOrigins.NONE,
                Map.of(
                        "autoscaling.knative.dev/window", "30s",
                        "autoscaling.knative.dev/target-utilization-percentage", "50",
                        "wisp.dev/keep-alive", "2m"));

        ScalingSpec silent = read(container("'image': 'i'"), terms).workload().scaling();
        ScalingSpec own = read(
                        annotated("'autoscaling.knative.dev/targetUtilizationPercentage': '80',"
                                + "'wisp.dev/keep-alive': '5s'"),
                        terms)
                .workload()
                .scaling();

        assertThat(List.of(silent.windowSeconds(), own.windowSeconds())).containsExactly(30, 30);
        assertThat(List.of(silent.targetUtilizationPercent(), own.targetUtilizationPercent()))
                .containsExactly(50.0, 80.0);
        assertThat(List.of(silent.keepAliveMillis(), own.keepAliveMillis())).containsExactly(120_000L, 5_000L);
    }

    @Test
    void defaultsThatWouldBeRefusedInATemplateAreRefused() {
        assertThatThrownBy(() -> new OperatorTerms(WebhookOrigins.NONE, Map.of("autoscaling.knative.dev/window", "1s")))
                .hasMessageContaining("default-annotations: /spec/template/metadata/annotations/")
                .hasMessageContaining("'1s' must be a duration");
        assertThatThrownBy(() -> new OperatorTerms(WebhookOrigins.NONE, Map.of("wisp.dev/keepalive", "1s")))
                .hasMessageContaining("is not supported by Wisp");
        assertThatThrownBy(() -> new OperatorTerms(WebhookOrigins.NONE, Map.of("mine/own", "x")))
                .hasMessageContaining("means nothing to Wisp");
    }
}
