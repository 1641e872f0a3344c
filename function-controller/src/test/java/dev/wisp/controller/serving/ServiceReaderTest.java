package dev.wisp.controller.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wisp.contracts.event.WebhookOrigins;
import dev.wisp.contracts.placement.NodeRequirement;
import dev.wisp.contracts.placement.NodeTerm;
import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.placement.Taint;
import dev.wisp.contracts.placement.Toleration;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.Problem.FieldError;
import dev.wisp.contracts.problem.ProblemException;
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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ServiceReaderTest {

    private static final String CONTAINER = "/spec/template/spec/containers/0";
    private static final String ANNOTATIONS = "/spec/template/metadata/annotations";

    /** A manifest with one thing wrong, and where. */
    record Case(String name, String manifest, String pointer) {

        @Override
        public String toString() {
            return name;
        }
    }

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
                        new ScalingSpec(
                                1,
                                9,
                                2,
                                3,
                                Metric.RPS,
                                12.5,
                                80,
                                -1,
                                90,
                                20,
                                150,
                                900,
                                0,
                                KeepAlive.ECONOMIC,
                                40,
                                Averaging.WEIGHTED_EXPONENTIAL,
                                List.of(
                                        new ScaleSchedule(2, "0 8 * * 1-5", "0 18 * * 1-5", "Europe/Berlin"),
                                        new ScaleSchedule(9, "0 0 24 12 *", "0 0 25 12 *", "UTC")),
                                2_500,
                                600_000),
                        NetworkSpec.NONE,
                        AsyncSpec.DEFAULT,
                        PlacementSpec.ANYWHERE,
                        Map.of("a/b", "c", "d", "template")));
        assertThat(desired.revisionName()).isEqualTo("s-two");
        assertThat(desired.pinnedRevision()).isEqualTo("s-two");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            5                                               | must be 'N from CRON to CRON in TIMEZONE'
            five from 0 8 * * * to 0 9 * * *                | must be 'N from CRON to CRON in TIMEZONE'
            0 from 0 8 * * * to 0 9 * * *                   | must be 1..100000
            10 from 0 8 * * * to 0 9 * * *                  | must not be above max-scale, which is 9
            5 from 0 8 * * to 0 9 * * *                     | has the expression '0 8 * *', which is not one of cron
            5 from 0 8 * * * to 0 25 * * *                  | has the expression '0 25 * * *', which is not one of cron
            5 from 0 8 30 2 * to 0 9 * * *                  | has the expression '0 8 30 2 *', which never comes true
            5 from 0 8 * * * to 0 9 * * * in Europe/Atlantis | names the time zone 'Europe/Atlantis', which does not exist
            2 from 0 8 * * * to 0 9 * * *;                  | must be 'N from CRON to CRON in TIMEZONE'
            """)
    void scheduleThatCannotBeKeptToIsRefusedWithTheReason(String schedule, String reason) {
        Problem problem = problem(annotated(
                "'autoscaling.knative.dev/max-scale': '9', 'wisp.dev/min-scale-schedule': '%s'".formatted(schedule)));

        assertThat(problem.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.detail()).contains(reason))
                .extracting(FieldError::pointer)
                .isEqualTo(ANNOTATIONS + "/wisp.dev~1min-scale-schedule");
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

    static Stream<Case> refused() {
        return Stream.concat(
                Stream.of(
                        of("no image", "'name': 'c'", CONTAINER + "/image"),
                        of("blank in image", "'image': 'a b'", CONTAINER + "/image"),
                        of(
                                "several ports",
                                "'image': 'i', 'ports': [{'containerPort': 1}, {'containerPort': 2}]",
                                CONTAINER + "/ports/1"),
                        of(
                                "port 0",
                                "'image': 'i', 'ports': [{'containerPort': 0}]",
                                CONTAINER + "/ports/0/containerPort"),
                        of(
                                "port 70000",
                                "'image': 'i', 'ports': [{'containerPort': 70000}]",
                                CONTAINER + "/ports/0/containerPort"),
                        of(
                                "port name",
                                "'image': 'i', 'ports': [{'containerPort': 1, 'name': 'grpc'}]",
                                CONTAINER + "/ports/0/name"),
                        of(
                                "udp",
                                "'image': 'i', 'ports': [{'containerPort': 1, 'protocol': 'UDP'}]",
                                CONTAINER + "/ports/0/protocol"),
                        of(
                                "host port",
                                "'image': 'i', 'ports': [{'containerPort': 1, 'hostPort': 2}]",
                                CONTAINER + "/ports/0/hostPort"),
                        of("env name", "'image': 'i', 'env': [{'name': '1A', 'value': ''}]", CONTAINER + "/env/0/name"),
                        of(
                                "env reserved",
                                "'image': 'i', 'env': [{'name': 'PORT', 'value': '1'}]",
                                CONTAINER + "/env/0/name"),
                        of(
                                "env from",
                                "'image': 'i', 'envFrom': [{'secretRef': {'name': 'x'}}]",
                                CONTAINER + "/envFrom"),
                        of(
                                "value from",
                                "'image': 'i', 'env': [{'name': 'A', 'valueFrom': {'fieldRef': {'fieldPath': 'x'}}}]",
                                CONTAINER + "/env/0/valueFrom"),
                        of(
                                "volume mounts",
                                "'image': 'i', 'volumeMounts': [{'name': 'v', 'mountPath': '/v'}]",
                                CONTAINER + "/volumeMounts"),
                        of(
                                "cpu zero",
                                "'image': 'i', 'resources': {'limits': {'cpu': '0'}}",
                                CONTAINER + "/resources/limits/cpu"),
                        of(
                                "memory huge",
                                "'image': 'i', 'resources': {'limits': {'memory': '2Ti'}}",
                                CONTAINER + "/resources/limits/memory"),
                        of(
                                "gpu",
                                "'image': 'i', 'resources': {'limits': {'nvidia.com/gpu': '1'}}",
                                CONTAINER + "/resources/limits/nvidia.com~1gpu"),
                        of(
                                "request above limit",
                                "'image': 'i', 'resources': {'limits': {'cpu': '1'}, 'requests': {'cpu': '2'}}",
                                CONTAINER + "/resources/requests/cpu"),
                        of("working directory", "'image': 'i', 'workingDir': 'tmp'", CONTAINER + "/workingDir"),
                        of(
                                "capability",
                                "'image': 'i', 'securityContext': {'capabilities': {'add': ['SYS_ADMIN']}}",
                                CONTAINER + "/securityContext/capabilities/add/0"),
                        of(
                                "user",
                                "'image': 'i', 'securityContext': {'runAsUser': -1}",
                                CONTAINER + "/securityContext/runAsUser"),
                        of(
                                "user beyond the sandbox's",
                                "'image': 'i', 'securityContext': {'runAsUser': 65536}",
                                CONTAINER + "/securityContext/runAsUser"),
                        of(
                                "group without user",
                                "'image': 'i', 'securityContext': {'runAsGroup': 1}",
                                CONTAINER + "/securityContext/runAsGroup"),
                        of(
                                "root that must not be",
                                "'image': 'i', 'securityContext': {'runAsUser': 0, 'runAsNonRoot': true}",
                                CONTAINER + "/securityContext/runAsUser"),
                        of(
                                "another filter",
                                "'image': 'i', 'securityContext': {'seccompProfile': {'type': 'Unconfined'}}",
                                CONTAINER + "/securityContext/seccompProfile/type"),
                        of(
                                "privileged",
                                "'image': 'i', 'securityContext': {'privileged': true}",
                                CONTAINER + "/securityContext/privileged"),
                        of(
                                "http probe",
                                "'image': 'i', 'readinessProbe': {'httpGet': {'path': '/'}}",
                                CONTAINER + "/readinessProbe/httpGet"),
                        of(
                                "liveness probe",
                                "'image': 'i', 'livenessProbe': {'tcpSocket': {'port': 1}}",
                                CONTAINER + "/livenessProbe"),
                        of(
                                "other probe port",
                                "'image': 'i', 'readinessProbe': {'tcpSocket': {'port': 1}}",
                                CONTAINER + "/readinessProbe/tcpSocket/port"),
                        of("pull policy", "'image': 'i', 'imagePullPolicy': 'Never'", CONTAINER + "/imagePullPolicy"),
                        of("nul in args", "'image': 'i', 'args': ['\\u0000']", CONTAINER + "/args/0"),
                        of(
                                "type of a number",
                                "'image': 'i', 'ports': [{'containerPort': 'x'}]",
                                CONTAINER + "/ports/0/containerPort"),
                        of(
                                "fraction",
                                "'image': 'i', 'ports': [{'containerPort': 80.5}]",
                                CONTAINER + "/ports/0/containerPort"),
                        of("unknown field", "'image': 'i', 'imag': 'j'", CONTAINER + "/imag"),
                        annotation("autoscaling.knative.dev/min-scale", "-1"),
                        annotation("autoscaling.knative.dev/min-scale", "two"),
                        annotation("autoscaling.knative.dev/maxScale", "1.5"),
                        annotation("autoscaling.knative.dev/metric", "cpu"),
                        annotation("autoscaling.knative.dev/target", "0"),
                        annotation("autoscaling.knative.dev/target", "NaN"),
                        annotation("autoscaling.knative.dev/window", "5s"),
                        annotation("autoscaling.knative.dev/window", "10500ms"),
                        annotation("autoscaling.knative.dev/panic-threshold-percentage", "100"),
                        annotation("autoscaling.knative.dev/target-burst-capacity", "-0.5"),
                        annotation("autoscaling.knative.dev/class", "hpa.autoscaling.knative.dev"),
                        annotation("autoscaling.knative.dev/unheard-of", "1"),
                        annotation("wisp.dev/keep-alive", "10"),
                        annotation("wisp.dev/keep-frozen", "25h"),
                        annotation("wisp.dev/keep-alive-policy", "forever"),
                        annotation("autoscaling.knative.dev/metric-aggregation-algorithm", "cubic"),
                        annotation("wisp.dev/keep-alive", "25h"),
                        annotation("wisp.dev/start-timeout", "0s"),
                        annotation("serving.knative.dev/progress-deadline", "60s")),
                wholeManifests());
    }

    private static Stream<Case> wholeManifests() {
        String valid = container("'image': 'i'");
        String path = "/spec/template";
        return Stream.of(
                new Case("kind", valid.replace("'Service'", "'Route'"), "/kind"),
                new Case("version", valid.replace("v1", "v2"), "/apiVersion"),
                new Case("upper case name", valid.replace("'name': 's'", "'name': 'S'"), "/metadata/name"),
                new Case(
                        "long name",
                        valid.replace("'name': 's'", "'name': '" + "s".repeat(64) + "'"),
                        "/metadata/name"),
                new Case(
                        "other namespace",
                        valid.replace("'name': 's'", "'name': 's', 'namespace': 'm'"),
                        "/metadata/namespace"),
                new Case(
                        "generated name",
                        valid.replace("'name': 's'", "'name': 's', 'generateName': 'x'"),
                        "/metadata/generateName"),
                new Case(
                        "new with a version",
                        valid.replace("'name': 's'", "'name': 's', 'resourceVersion': '1'"),
                        "/metadata/resourceVersion"),
                new Case(
                        "misplaced",
                        valid.replace(
                                "'name': 's'",
                                "'name': 's', 'annotations': {'autoscaling.knative.dev/min-scale': '1'}"),
                        "/metadata/annotations/autoscaling.knative.dev~1min-scale"),
                new Case(
                        "label",
                        valid.replace("'name': 's'", "'name': 's', 'labels': {'a': 'b c'}"),
                        "/metadata/labels/a"),
                new Case(
                        "revision name",
                        valid.replace("'metadata': {}", "'metadata': {'name': 'other-1'}"),
                        path + "/metadata/name"),
                new Case(
                        "no containers",
                        valid.replaceAll("'containers': .*?]", "'containers': []"),
                        path + "/spec/containers"),
                new Case(
                        "two containers",
                        valid.replace("{'image': 'i'}", "{'image': 'i'}, {'image': 'j'}"),
                        path + "/spec/containers/1"),
                new Case(
                        "init containers",
                        valid.replace("'containers'", "'initContainers': [{'image': 'j'}], 'containers'"),
                        path + "/spec/initContainers"),
                new Case(
                        "volumes",
                        valid.replace("'containers'", "'volumes': [{'name': 'v'}], 'containers'"),
                        path + "/spec/volumes"),
                new Case(
                        "host network",
                        valid.replace("'containers'", "'hostNetwork': true, 'containers'"),
                        path + "/spec/hostNetwork"),
                new Case(
                        "concurrency",
                        valid.replace("'containers'", "'containerConcurrency': 1001, 'containers'"),
                        path + "/spec/containerConcurrency"),
                new Case(
                        "timeout",
                        valid.replace("'containers'", "'timeoutSeconds': 0, 'containers'"),
                        path + "/spec/timeoutSeconds"),
                new Case(
                        "split",
                        traffic(
                                valid,
                                "{'latestRevision': true, 'percent': 50}, {'revisionName': 's-1', 'percent': 50}"),
                        "/spec/traffic/1"),
                new Case(
                        "percent",
                        traffic(valid, "{'latestRevision': true, 'percent': 50}"),
                        "/spec/traffic/0/percent"),
                new Case("no target", traffic(valid, "{'percent': 100}"), "/spec/traffic/0"),
                new Case(
                        "tag",
                        traffic(valid, "{'latestRevision': true, 'percent': 100, 'tag': 'x'}"),
                        "/spec/traffic/0/tag"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Case wrong) {
        Problem problem = problem(wrong.manifest());

        assertThat(problem.code()).isEqualTo("E1801");
        assertThat(problem.errors()).extracting(FieldError::pointer).contains(wrong.pointer());
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        Problem problem = problem(container("'image': '', 'tty': true, 'workingDir': 'x'"));

        assertThat(problem.errors())
                .extracting(FieldError::pointer)
                .containsExactlyInAnyOrder(CONTAINER + "/image", CONTAINER + "/tty", CONTAINER + "/workingDir");
    }

    @Test
    void namesMaxScaleBelowMinScaleWithBoth() {
        Problem problem = problem(
                annotated("'autoscaling.knative.dev/min-scale': '3', 'autoscaling.knative.dev/max-scale': '2'"));

        assertThat(problem.errors())
                .containsExactly(new FieldError(
                        ANNOTATIONS + "/autoscaling.knative.dev~1max-scale",
                        "is 2, must not be below min-scale, which is 3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a': }|line 1, column 7",
                "{'a': 1|line 1",
                "''|line 1",
                "[]|line 1",
                "null|null",
                "{'a': 1, 'a': 2}|Duplicate",
                "{} {}|line 1",
            })
    void saysWhereJsonIsMalformed(String body, String where) {
        Problem problem = problem(body.equals("''") ? "" : body);

        assertThat(problem.code()).isEqualTo("E1802");
        assertThat(problem.detail()).contains(where);
    }

    @Test
    void boundsTheDepthOfABody() {
        Problem problem = problem("{'a':".repeat(100) + "1" + "}".repeat(100));

        assertThat(problem.code()).isEqualTo("E1802");
    }

    private static Case of(String name, String fields, String pointer) {
        return new Case(name, container(fields), pointer);
    }

    private static Case annotation(String key, String value) {
        return new Case(
                key + " " + value,
                annotated("'%s': '%s'".formatted(key, value)),
                ANNOTATIONS + "/" + key.replace("/", "~1"));
    }

    private static String annotated(String annotations) {
        return container("'image': 'i'")
                .replace("'metadata': {}", "'metadata': {'annotations': {%s}}".formatted(annotations));
    }

    private static String traffic(String manifest, String targets) {
        return manifest.replace("'template'", "'traffic': [%s], 'template'".formatted(targets));
    }

    private static String container(String fields) {
        return """
                {'apiVersion': 'serving.knative.dev/v1', 'kind': 'Service', 'metadata': {'name': 's'},
                 'spec': {'template': {'metadata': {}, 'spec': {'containers': [{%s}]}}}}""".formatted(fields);
    }

    private static DesiredService read(String manifest) {
        return read(manifest, OperatorTerms.NONE);
    }

    private static DesiredService read(String manifest, OperatorTerms terms) {
        return ServiceReader.read(manifest.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "n", null, terms);
    }

    private static Problem problem(String manifest) {
        return catchThrowableOfType(ProblemException.class, () -> read(manifest))
                .problem();
    }
}
