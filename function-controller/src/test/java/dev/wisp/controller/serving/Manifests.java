package dev.wisp.controller.serving;

import dev.wisp.controller.policy.OperatorTerms;
import java.nio.charset.StandardCharsets;

/** Manifests as tests write them: apostrophes for quotes, and one container. */
final class Manifests {

    private Manifests() {}

    /** With these fields of the container. */
    static String container(String fields) {
        return """
                {'apiVersion': 'serving.knative.dev/v1', 'kind': 'Service', 'metadata': {'name': 's'},
                 'spec': {'template': {'metadata': {}, 'spec': {'containers': [{%s}]}}}}""".formatted(fields);
    }

    /** A valid one with these annotations of the template. */
    static String annotated(String annotations) {
        return container("'image': 'i'")
                .replace("'metadata': {}", "'metadata': {'annotations': {%s}}".formatted(annotations));
    }

    static DesiredService read(String manifest) {
        return read(manifest, OperatorTerms.NONE);
    }

    static DesiredService read(String manifest, OperatorTerms terms) {
        return ServiceReader.read(manifest.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "n", null, terms);
    }
}
