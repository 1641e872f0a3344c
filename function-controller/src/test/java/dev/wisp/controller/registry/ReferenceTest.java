package dev.wisp.controller.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    /** A reference, and what it means. */
    record Case(String text, String repository, String tag, boolean insecure) {}

    static Stream<Case> references() {
        return Stream.of(
                new Case("hello", "registry-1.docker.io/library/hello", "latest", false),
                new Case("hello:2", "registry-1.docker.io/library/hello", "2", false),
                new Case("me/hello:2", "registry-1.docker.io/me/hello", "2", false),
                new Case("docker.io/hello", "registry-1.docker.io/library/hello", "latest", false),
                new Case("example.org/a/b/c:x", "example.org/a/b/c", "x", false),
                new Case("example.org:5000/a", "example.org:5000/a", "latest", false),
                new Case("host:5000/a", "host:5000/a", "latest", false),
                new Case("localhost/a", "localhost/a", "latest", true),
                new Case("localhost:5000/a:b", "localhost:5000/a", "b", true),
                new Case("127.0.0.1:5000/a", "127.0.0.1:5000/a", "latest", true),
                new Case("[::1]:5000/a", "[::1]:5000/a", "latest", true),
                new Case("127.0.0.1.example.org/a", "127.0.0.1.example.org/a", "latest", false),
                new Case("localhost.example.org/a", "localhost.example.org/a", "latest", false),
                new Case("10.0.0.1/a", "10.0.0.1/a", "latest", false),
                new Case("wisp.local/a:1@" + DIGEST, "wisp.local/a", "1", false));
    }

    @ParameterizedTest
    @MethodSource("references")
    void meansWhatDockerMeans(Case expected) {
        Reference reference = Reference.parse(expected.text());

        assertThat(new Case(reference.text(), reference.repository(), reference.tag(), reference.isInsecure()))
                .isEqualTo(expected);
        assertThat(reference.isUpload()).isEqualTo(expected.text().startsWith("wisp.local/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Hello",
                "a//b",
                "/a",
                "a/",
                "a:",
                "a:b:c",
                "a@sha256:12",
                "a@md5:abc",
                "http://example.org/a",
                "example.org/../a",
                "user@example.org/a",
                "exa mple.org/a",
                "example.org:port/a",
                "example.org?x=/a",
                "a\nb",
                "example.org/a:tag#x"
            })
    void refusesWhatIsNoReference(String text) {
        assertThatThrownBy(() -> Reference.parse(text)).hasMessageContaining("E1103");
    }
}
