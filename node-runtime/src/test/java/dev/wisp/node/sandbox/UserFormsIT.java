package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who a process is for every form of {@code USER}, asked of the process. The expected answers are those of Docker for the same image, but where {@link UserPolicy}
 * says that it is stricter.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class UserFormsIT {

    private static final String PASSWD = """
            # users of this image

            root:x:0:0:root:/root:/bin/sh
            app:x:1000:1001:An App:/home/app:/bin/sh
              spaced:x:1002:1002::/home/spaced:/bin/sh\t
            app:x:4444:4444::/second:/bin/sh
            short:x:1003:1003
            homeless:x:1004:1004:::/bin/sh
            twin:x:1000:9999::/home/twin:/bin/sh
            top:x:65535:65535::/top:/bin/sh
            far:x:65536:1::/far:/bin/sh
            farther:x:4294967296:1::/far:/bin/sh
            word:x:zero:zero::/word:/bin/sh
            minus:x:-1:-1::/minus:/bin/sh
            empty:x:::/empty:/bin/sh
            broken
            4294967296:x:0:0::/root:/bin/sh
            77:x:0:0::/root:/bin/sh
            -5:x:0:0::/root:/bin/sh
            us\u00e9r:x:1005:1005::/home/utf8:/bin/sh
            +::::::
            with space:x:1006:1006::/home/space:/bin/sh
            padded:x:0001007:+1007::/home/padded:/bin/sh
            """;

    private static final String GROUP = """
            root:x:0:
            bin:x:1:root,daemon
            app:x:1001:
            web:x:33:other,app
            extra:x:34:app,spaced
            wheel:x:10:root
            twins:x:50:twin
            far:x:65536:app
            word:x:ten:app
            short:x:60
            35:x:0:
            lonely
            """;

    private static SandboxFixture fixture;
    private static Path bare;

    @BeforeAll
    static void open() throws IOException {
        fixture = SandboxFixture.open("users", 4);
        Path etc = Files.createDirectories(fixture.layer.resolve("etc"));
        Files.writeString(etc.resolve("passwd"), PASSWD);
        Files.writeString(etc.resolve("group"), GROUP);
        bare = Files.createDirectories(fixture.layers.resolve("bare"));
        Files.copy(
                fixture.layer.resolve("probe"),
                bare.resolve("probe"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }

    @AfterAll
    static void close() throws IOException {
        if (fixture != null) {
            fixture.close();
        }
    }

    /** Id, group, further groups and home. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''             | 0:0 1 10 /root",
                "root           | 0:0 1 10 /root",
                "0              | 0:0 1 10 /root",
                "00             | 0:0 1 10 /root",
                "+0             | 0:0 1 10 /root",
                "0:0            | 0:0 /root",
                "root:root      | 0:0 /root",
                "root:web       | 0:33 /root",
                "0:web          | 0:33 /root",
                "root:          | 0:0 1 10 /root",
                ":              | 0:0 1 10 /root",
                ":33            | 0:33 /root",
                ":web           | 0:33 /root",
                "app            | 1000:1001 33 34 /home/app",
                "1000           | 1000:1001 33 34 /home/app",
                "001000         | 1000:1001 33 34 /home/app",
                "app:           | 1000:1001 33 34 /home/app",
                "1000:          | 1000:1001 33 34 /home/app",
                "app:web        | 1000:33 /home/app",
                "app:33         | 1000:33 /home/app",
                "app:0          | 1000:0 /home/app",
                "app:99         | 1000:99 /home/app",
                "app:65535      | 1000:65535 /home/app",
                "1000:extra     | 1000:34 /home/app",
                "twin           | 1000:9999 50 /home/twin",
                "spaced         | 1002:1002 34 /home/spaced",
                "short          | 1003:1003 /",
                "homeless       | 1004:1004 /",
                "usér           | 1005:1005 /home/utf8",
                "with space     | 1006:1006 /home/space",
                "padded         | 1007:1007 /home/padded",
                "top            | 65535:65535 /top",
                "65535          | 65535:65535 /top",
                "65534          | 65534:0 /",
                "1234           | 1234:0 /",
                "1234:5678      | 1234:5678 /",
                "1234:web       | 1234:33 /",
                "1234:short     | 1234:60 /",
                "77             | 77:0 /",
                "77:35          | 77:35 /",
                "app:35         | 1000:35 /home/app",
            })
    void isWhoDockerWouldMakeIt(String user, String who) {
        assertThat(who(fixture.layer, user)).isEqualTo(who);
    }

    /** Without the files only numbers, and root by default, mean somebody. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''             | 0:0 /",
                "0              | 0:0 /",
                "1000           | 1000:0 /",
                "1000:7         | 1000:7 /",
                ":7             | 0:7 /",
                "65535:65535    | 65535:65535 /"
            })
    void isANumberInAnImageWithoutUsers(String user, String who) {
        assertThat(who(bare, user)).isEqualTo(who);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "Root",
                "far",
                "farther",
                "word",
                "minus",
                "empty",
                "broken",
                "app:nobody",
                "app:far",
                "app:word",
                "app:lonely",
                "65536",
                "4294967295",
                "4294967296",
                "2147483648",
                "99999999999999999999",
                "18446744073709551616",
                "-1",
                "-0",
                "-5",
                "1:-1",
                "1:65536",
                "1:4294967296",
                "app:web:33",
                "0:0:0",
                "::",
                "a b",
                " app",
                "app ",
                "../x",
                "/etc/passwd",
                "root,app",
                "0x0",
                "1e3",
                "1_000",
                "1.0",
                "#",
                "%s",
                "root\n",
                "\u0663",
                "+",
                "x:0",
                "root;id"
            })
    void isRefusedWhenThereIsNoTelling(String user) {
        Problem problem = catchThrowableOfType(ProblemException.class, () -> who(fixture.layer, user))
                .problem();

        assertThat(problem.code()).isEqualTo("E1801");
        assertThat(problem.detail()).contains("user '");
    }

    private static String who(Path layer, String user) {
        ProcessSpec process = new ProcessSpec(List.of("/probe", "serve"), Map.of(), "/", user, 15);
        Sandbox sandbox = fixture.runtime().start(fixture.spec(SandboxFixture.limits(64), process, List.of(layer)));
        try {
            return fixture.ask(sandbox, "who");
        } finally {
            sandbox.stop(Duration.ZERO);
        }
    }
}
