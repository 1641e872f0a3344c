package dev.wisp.cli.platform;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The platform's folder as the command line uses it. */
record Home(Path folder) {

    private static final Pattern BRANCH = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

    Path log() {
        return folder.resolve("log/wisp.log");
    }

    Path startup() {
        return folder.resolve("run/startup.json");
    }

    /** Tells that the sample was deployed once: who deletes it does not get it back. */
    Path sampleMark() {
        return folder.resolve("run/sample-deployed");
    }

    /** The platform's process, if its pid file names one that lives and is it. */
    Optional<ProcessHandle> platform() {
        OptionalLong pid = pid(folder.resolve("run/wisp.pid"));
        return pid.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(pid.getAsLong())
                        .filter(ProcessHandle::isAlive)
                        .filter(this::isPlatform);
    }

    /** A Postgres on this folder that outlived the platform. */
    Optional<ProcessHandle> orphanedPostgres() {
        Path data = folder.resolve("postgres/data");
        OptionalLong pid = pid(data.resolve("postmaster.pid"));
        return pid.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(pid.getAsLong())
                        .filter(process -> Proc.commandLine(process.pid()).contains(data.toString()));
    }

    /** Name of the branch of control groups that the last platform had, if it is still there. */
    Optional<String> branchLeft(Path controlGroups) {
        try (Stream<Path> hierarchies = Files.list(controlGroups)) {
            String name = Files.readString(folder.resolve("run/branch")).strip();
            return BRANCH.matcher(name).matches()
                            && Stream.concat(Stream.of(controlGroups), hierarchies)
                                    .anyMatch(hierarchy -> Files.isDirectory(hierarchy.resolve(name)))
                    ? Optional.of(name)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The last lines of the log; none when there is no log. */
    List<String> logTail(int linesMax) {
        try {
            List<String> lines = Files.readAllLines(log());
            return List.copyOf(lines.subList(Math.max(0, lines.size() - linesMax), lines.size()));
        } catch (MalformedInputException e) {
            return List.of("the log is not text: " + log());
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A pid is reused sooner or later, so the command line has to name the platform and this home. */
    private boolean isPlatform(ProcessHandle process) {
        String commandLine = Proc.commandLine(process.pid());
        return commandLine.contains("quarkus-run.jar") && commandLine.contains("-Dwisp.home=" + folder + " ");
    }

    private static OptionalLong pid(Path file) {
        try (var lines = Files.lines(file)) {
            String first = lines.findFirst().orElse("").strip();
            return first.matches("\\d{1,9}") ? OptionalLong.of(Long.parseLong(first)) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
