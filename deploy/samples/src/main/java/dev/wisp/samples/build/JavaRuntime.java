package dev.wisp.samples.build;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A Java runtime with chosen modules, made by the JDK's jlink. */
final class JavaRuntime {

    private JavaRuntime() {}

    /** Links into a folder, replacing it. */
    static void link(Path folder, List<String> modules) throws IOException {
        delete(folder);
        Files.createDirectories(folder.getParent());
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed);
        int code = jlink().run(
                        out,
                        out,
                        "--add-modules",
                        String.join(",", modules),
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--compress",
                        "zip-6",
                        "--output",
                        folder.toString());
        if (code != 0) {
            throw new IOException("jlink failed with exit code %d: %s".formatted(code, printed));
        }
    }

    private static ToolProvider jlink() throws IOException {
        return ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new IOException("this Java has no jlink; the build needs a whole JDK"));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
