package dev.wisp.samples.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The host's shared libraries a program needs, as ldd names them. */
public final class SharedLibraries {

    /** {@code libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x7f…)} and, for the loader, only the path. */
    private static final Pattern LINE = Pattern.compile("^\\s*(?:\\S+ => )?(/\\S+) \\(0x", Pattern.MULTILINE);

    private SharedLibraries() {}

    /** Paths on the host, without those below the folder itself. */
    static Set<Path> neededBelow(Path folder) throws IOException {
        Set<Path> needed = new TreeSet<>();
        for (Path program : programs(folder)) {
            for (Path library : neededBy(program)) {
                if (!library.startsWith(folder)) {
                    needed.add(library);
                }
            }
        }
        return needed;
    }

    /** Paths on the host of what one program needs; empty when it is linked statically. */
    public static Set<Path> neededBy(Path program) throws IOException {
        return parse(ldd(program));
    }

    static Set<Path> parse(String lddOutput) {
        Set<Path> libraries = new TreeSet<>();
        Matcher lines = LINE.matcher(lddOutput);
        while (lines.find()) {
            libraries.add(Path.of(lines.group(1)));
        }
        return libraries;
    }

    private static List<Path> programs(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".so") || file.endsWith("bin/java"))
                    .toList();
        }
    }

    private static String ldd(Path program) throws IOException {
        try {
            return Tool.run(List.of("ldd", program.toString())).output();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ldd read " + program, e);
        }
    }
}
