package dev.wisp.node.linux.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The two written policies say the same of every call that both architectures have. */
final class AarchPolicyTest {

    @Test
    void sameCallHasTheSameVerdictOnBoth() throws IOException {
        Map<String, String> other = verdicts("x86-64.policy");

        Map<String, String> verdicts = verdicts("aarch64.policy");

        assertThat(verdicts).hasSizeGreaterThan(300);
        assertThat(other).containsAllEntriesOf(verdicts);
    }

    @Test
    void fileIsInOrderSoThatAGapIsSeen() throws IOException {
        assertThat(text("aarch64.policy")
                        .lines()
                        .filter(line -> line.matches("\\d.*"))
                        .map(line -> Integer.parseInt(line.split(" ")[0])))
                .isSorted();
    }

    private static Map<String, String> verdicts(String file) throws IOException {
        Map<String, String> verdicts = new TreeMap<>();
        text(file)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .map(line -> line.split("\\s+", 3))
                .forEach(words -> verdicts.merge(words[1], words[2], (first, second) -> first + "; " + second));
        return verdicts;
    }

    private static String text(String file) throws IOException {
        try (InputStream in = SyscallRules.class.getResourceAsStream(file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
