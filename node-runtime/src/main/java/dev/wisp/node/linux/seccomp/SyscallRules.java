package dev.wisp.node.linux.seccomp;

import dev.wisp.node.linux.Architecture;
import dev.wisp.node.linux.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The written policy, read: a verdict for every number up to the last it knows.
 *
 * @param beyond verdict for numbers above it
 */
record SyscallRules(NavigableMap<Integer, Verdict> verdicts, Verdict beyond) {

    /** The policy for this machine. */
    static SyscallRules load() {
        return load(Architecture.current());
    }

    /** The policy for an architecture; what is in the file is documented at its top. */
    static SyscallRules load(Architecture architecture) {
        return parse(text(architecture));
    }

    static String text(Architecture architecture) {
        String resource = architecture.name() + ".policy";
        try (InputStream in = SyscallRules.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource=%s, missing from the build".formatted(resource));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    /** These rules with another verdict for some numbers. */
    SyscallRules with(Set<Integer> numbers, Verdict verdict) {
        NavigableMap<Integer, Verdict> changed = new TreeMap<>(verdicts);
        numbers.forEach(number -> changed.put(number, verdict));
        return new SyscallRules(changed, beyond);
    }

    /** Only the verdicts on some numbers; everything else is allowed. */
    SyscallRules only(Set<Integer> numbers) {
        NavigableMap<Integer, Verdict> few = new TreeMap<>();
        verdicts.keySet().forEach(number -> few.put(number, new Verdict.Allow()));
        numbers.forEach(number -> few.put(number, verdicts.get(number)));
        return new SyscallRules(few, new Verdict.Allow());
    }

    static SyscallRules parse(String text) {
        NavigableMap<Integer, Verdict> verdicts = new TreeMap<>();
        for (String line : text.lines().toList()) {
            String rule = line.replaceFirst("#.*", "").strip();
            if (!rule.isEmpty()) {
                String[] words = rule.split("\\s+", 3);
                verdicts.merge(Integer.parseInt(words[0]), verdict(words[2]), SyscallRules::either);
            }
        }
        for (int number = 0; number <= verdicts.lastKey(); number++) {
            verdicts.putIfAbsent(number, new Verdict.Refuse(Errno.ENOSYS));
        }
        return new SyscallRules(verdicts, new Verdict.Refuse(Errno.ENOSYS));
    }

    private static Verdict verdict(String text) {
        return switch (text) {
            case "allow" -> new Verdict.Allow();
            case "deny" -> new Verdict.Refuse(Errno.EPERM);
            case "ignore" -> new Verdict.Refuse(Errno.NONE);
            case "ENOSYS" -> new Verdict.Refuse(Errno.ENOSYS);
            default -> {
                if (!text.startsWith("when ")) {
                    throw new IllegalArgumentException("verdict=%s, not known".formatted(text));
                }
                yield new Verdict.AllowWhen(List.of(condition(text.substring(5))), Errno.EPERM);
            }
        };
    }

    private static Verdict either(Verdict first, Verdict second) {
        if (!(first instanceof Verdict.AllowWhen one) || !(second instanceof Verdict.AllowWhen other)) {
            throw new IllegalArgumentException("only conditions can stand on several lines: " + first + ", " + second);
        }
        List<Verdict.Condition> all = new ArrayList<>(one.alternatives());
        all.addAll(other.alternatives());
        return new Verdict.AllowWhen(all, one.errno());
    }

    private static Verdict.Condition condition(String text) {
        return new Verdict.Condition(
                Arrays.stream(text.split(" and ")).map(SyscallRules::test).toList());
    }

    private static Verdict.Test test(String text) {
        String[] words = text.strip().split("\\s+");
        int argument = Integer.parseInt(words[0].substring("arg".length()));
        List<Integer> values =
                Arrays.stream(words).skip(2).map(SyscallRules::number).toList();
        return switch (words[1]) {
            case "in" -> new Verdict.Test.In(argument, values);
            case "without" -> new Verdict.Test.Without(argument, values.getFirst());
            default -> throw new IllegalArgumentException("test=%s, not known".formatted(text));
        };
    }

    private static int number(String text) {
        return Long.decode(text).intValue();
    }
}
