package dev.wisp.contracts.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OciParserTest {

    private static final String HEX = "ab".repeat(32);
    private static final String CONFIG = descriptor(MediaTypes.OCI_CONFIG, "sha256:" + HEX, "7");
    private static final String LAYER = descriptor(MediaTypes.OCI_LAYER_GZIP, "sha256:" + HEX, "9");

    private static String descriptor(String type, String digest, String size) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%s}".formatted(type, digest, size);
    }

    private static String manifest(String config, String layers) {
        return "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}".formatted(config, layers);
    }

    private static OciDocument parse(String document) {
        return OciParser.parse(document.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsAnImage() {
        assertThat(parse(manifest(CONFIG, LAYER)))
                .isEqualTo(new ImageManifest(
                        new Descriptor(MediaTypes.OCI_CONFIG, new Digest(HEX), 7),
                        java.util.List.of(new Descriptor(MediaTypes.OCI_LAYER_GZIP, new Digest(HEX), 9))));
    }

    @Test
    void picksAPlatformFromAnIndex() {
        String entry = descriptor(MediaTypes.OCI_MANIFEST, "sha256:" + HEX, "1").replace("}", "");
        ImageIndex index = (ImageIndex) parse("""
                {"schemaVersion":2,"mediaType":"%s","manifests":[
                 %s,"platform":{"os":"linux","architecture":"arm64"}},
                 %s,"platform":{"os":"linux","architecture":"amd64"}}]}""".formatted(MediaTypes.OCI_INDEX, entry, entry));

        assertThat(index.forPlatform("linux", "amd64")).contains(index.entries().get(1));
        assertThat(index.forPlatform("linux", "s390x")).isEmpty();
    }

    @Test
    void takesTheOnlyEntryOfAnIndexThatNamesNoPlatform() {
        ImageIndex index = (ImageIndex) parse("{\"schemaVersion\":2,\"manifests\":[%s]}"
                .formatted(descriptor(MediaTypes.OCI_MANIFEST, "sha256:" + HEX, "1")));

        assertThat(index.forPlatform("linux", "amd64")).isPresent();
    }

    /** A document and words of its refusal. */
    record Case(String document, String reason) {}

    static Stream<Case> refused() {
        return Stream.of(
                new Case("", "JSON"),
                new Case("[]", "object"),
                new Case("{", "JSON"),
                new Case(manifest(CONFIG, LAYER) + "{}", "JSON"),
                new Case("{\"schemaVersion\":1}", "version 1"),
                new Case("{\"schemaVersion\":2}", "config"),
                new Case("{\"schemaVersion\":2,\"schemaVersion\":2}", "Duplicate"),
                new Case("{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}", "at once"),
                new Case("{\"schemaVersion\":2,\"manifests\":{}}", "no list"),
                new Case(manifest(CONFIG, ""), "no layers"),
                new Case(manifest(CONFIG, (LAYER + ",").repeat(127) + LAYER), "at most 127"),
                new Case(manifest(CONFIG, "{}"), "layer 1"),
                new Case(manifest(LAYER, LAYER), "artifact"),
                new Case(manifest(CONFIG, CONFIG), "layer 1 is of type"),
                new Case(manifest(CONFIG, LAYER.replace("9", "-9")), "at least 0"),
                new Case(manifest(CONFIG, LAYER.replace("9", "9.5")), "integer"),
                new Case(manifest(CONFIG, LAYER.replace("9", "1e400")), "integer"),
                new Case(manifest(CONFIG, LAYER.replace(":9", ":99999999999999999999")), "integer"),
                new Case(manifest(CONFIG, LAYER.replace("sha256:", "sha512:")), "sha256"),
                new Case(manifest(CONFIG, LAYER.replace("ab", "../")), "hexadecimal"),
                new Case(manifest(CONFIG, LAYER.replace("ab", "AB")), "hexadecimal"),
                new Case(manifest(CONFIG, LAYER.replace("+gzip", "+encrypted")), "not read"),
                new Case(
                        "{\"mediaType\":\"%s\",".formatted(MediaTypes.OCI_INDEX)
                                + manifest(CONFIG, LAYER).substring(1),
                        "says it is"),
                new Case("{\"a\":".repeat(100) + "1" + "}".repeat(100), "JSON"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatTwoReadersCouldReadDifferently(Case document) {
        assertThatThrownBy(() -> parse(document.document()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(document.reason());
    }
}
