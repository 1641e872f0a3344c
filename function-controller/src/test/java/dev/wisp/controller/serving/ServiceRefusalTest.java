package dev.wisp.controller.serving;

import static dev.wisp.controller.serving.Manifests.annotated;
import static dev.wisp.controller.serving.Manifests.container;
import static dev.wisp.controller.serving.Manifests.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.Problem.FieldError;
import dev.wisp.contracts.problem.ProblemException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused, and where it says that it is wrong. */
final class ServiceRefusalTest {

    private static final String CONTAINER = "/spec/template/spec/containers/0";
    private static final String ANNOTATIONS = "/spec/template/metadata/annotations";

    /** A manifest with one thing wrong, and where. */
    record Case(String name, String manifest, String pointer) {

        @Override
        public String toString() {
            return name;
        }
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

    private static Case of(String name, String fields, String pointer) {
        return new Case(name, container(fields), pointer);
    }

    private static Case annotation(String key, String value) {
        return new Case(
                key + " " + value,
                annotated("'%s': '%s'".formatted(key, value)),
                ANNOTATIONS + "/" + key.replace("/", "~1"));
    }

    private static String traffic(String manifest, String targets) {
        return manifest.replace("'template'", "'traffic': [%s], 'template'".formatted(targets));
    }

    private static Problem problem(String manifest) {
        return catchThrowableOfType(ProblemException.class, () -> read(manifest))
                .problem();
    }
}
