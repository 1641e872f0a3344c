package dev.wisp.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What every platform process would load and unpack anew: the first that tests start writes down the classes it has loaded when it ends, and leaves the programs of
 * Postgres where all look for them. Those started later take half the processor time until they are ready.
 */
final class SharedStart {

    private static final Path CLASSES = Path.of("target/platform-classes.jsa").toAbsolutePath();
    private static final Path PROGRAMS = Path.of("target/postgres-programs").toAbsolutePath();

    /** By one process of this JVM: an end takes seconds longer with it. */
    private static final AtomicBoolean WRITTEN = new AtomicBoolean();

    private SharedStart() {}

    /** For the JVM's command line. A file that is not whole, or of another build, it does without by itself. */
    static Optional<String> option(Path application) throws IOException {
        if (isNewer(CLASSES, application)) {
            return Optional.of("-XX:SharedArchiveFile=" + CLASSES);
        }
        return WRITTEN.getAndSet(true) ? Optional.empty() : Optional.of("-XX:ArchiveClassesAtExit=" + CLASSES);
    }

    /** Before a Postgres is started whose programs and data are in this folder. */
    static void linkPrograms(Path postgres) throws IOException {
        Path programs = postgres.resolve("programs");
        if (Files.notExists(programs)) {
            Files.createDirectories(PROGRAMS);
            Files.createDirectories(postgres);
            Files.createSymbolicLink(programs, PROGRAMS);
        }
    }

    private static boolean isNewer(Path file, Path than) throws IOException {
        return Files.exists(file) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(than)) > 0;
    }
}
