package dev.wisp.cli.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /proc} tells; what cannot be read is empty. */
final class Proc {

    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern UID = Pattern.compile("Uid:\\s+\\d+\\s+(\\d+)");

    private Proc() {}

    /** Arguments separated and ended by blanks. */
    static String commandLine(long pid) {
        return read(PROC.resolve(pid + "/cmdline")).replace('\0', ' ');
    }

    /** What follows this prefix in one of its arguments. */
    static Optional<String> option(long pid, String prefix) {
        return read(PROC.resolve(pid + "/cmdline"))
                .transform(text -> Arrays.stream(text.split("\0")))
                .filter(argument -> argument.startsWith(prefix))
                .map(argument -> argument.substring(prefix.length()))
                .findFirst();
    }

    static OptionalLong residentBytes(long pid) {
        Matcher line = RESIDENT.matcher(read(PROC.resolve(pid + "/status")));
        return line.find() ? OptionalLong.of(Long.parseLong(line.group(1)) * 1024) : OptionalLong.empty();
    }

    /** Whether this process may do what root may. */
    static boolean isRoot() {
        Matcher line = UID.matcher(read(PROC.resolve("self/status")));
        return line.find() && line.group(1).equals("0");
    }

    /** The process that listens on a TCP port, as {@code nginx (pid 812)}; empty when it cannot be found. */
    static Optional<String> listener(int port) {
        return List.of("net/tcp", "net/tcp6").stream()
                .flatMap(table -> read(PROC.resolve(table)).lines().skip(1))
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > 9 && fields[3].equals(LISTEN) && localPort(fields[1]) == port)
                .map(fields -> owner(fields[9]))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** {@code 0100007F:1F90} is port 8080. */
    private static int localPort(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }

    private static Optional<String> owner(String inode) {
        String socket = "socket:[" + inode + "]";
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process.resolve("fd"), socket)) {
                    String name = read(process.resolve("comm")).strip();
                    return Optional.of("%s (pid %s)".formatted(name, process.getFileName()));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holds(Path descriptors, String target) {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                if (Files.readSymbolicLink(link).toString().equals(target)) {
                    return true;
                }
            }
        } catch (IOException e) {
            // Gone meanwhile, or of another user.
        }
        return false;
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
