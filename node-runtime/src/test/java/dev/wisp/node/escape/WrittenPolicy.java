package dev.wisp.node.escape;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The policy file, read a second time and in the plainest way, so that a mistake of the production code's reading shows. */
final class WrittenPolicy {

    static final int ARRIVED = -117;

    private static final int EPERM = -1;
    private static final int ENOSYS = -38;

    private final Map<Integer, List<String>> rules;
    private final int last;

    private WrittenPolicy(Map<Integer, List<String>> rules) {
        this.rules = rules;
        this.last = rules.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    static WrittenPolicy read() {
        try (InputStream in = WrittenPolicy.class.getResourceAsStream("/dev/wisp/node/linux/seccomp/x86-64.policy")) {
            String text = new String(Objects.requireNonNull(in, "policy").readAllBytes(), StandardCharsets.UTF_8);
            return new WrittenPolicy(text.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .map(line -> line.split("\\s+", 3))
                    .collect(Collectors.groupingBy(
                            words -> Integer.parseInt(words[0]),
                            Collectors.mapping(words -> words[2], Collectors.toList()))));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    int last() {
        return last;
    }

    /** What a call must return: an error of the filter's, or {@link #ARRIVED} when it is let through. */
    int answer(int number, long... arguments) {
        List<String> lines = rules.getOrDefault(number, List.of("ENOSYS"));
        return switch (lines.getFirst()) {
            case "allow" -> ARRIVED;
            case "deny" -> EPERM;
            case "ignore" -> 0;
            case "ENOSYS" -> ENOSYS;
            default -> lines.stream().anyMatch(line -> holds(line, arguments)) ? ARRIVED : EPERM;
        };
    }

    private static boolean holds(String line, long... arguments) {
        return Arrays.stream(line.substring("when ".length()).split(" and "))
                .allMatch(test -> holds(test.strip().split("\\s+"), arguments));
    }

    private static boolean holds(String[] words, long... arguments) {
        int value = (int) arguments[words[0].charAt(3) - '0'];
        return words[1].equals("without")
                ? (value & Long.decode(words[2]).intValue()) == 0
                : Arrays.stream(words)
                        .skip(2)
                        .anyMatch(word -> Long.decode(word).intValue() == value);
    }
}
