package dev.wisp.node.sandbox;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.node.linux.Argument;
import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.Table;
import dev.wisp.node.network.EgressUnavailableException;
import java.util.List;

/** What a failed start tells the user. */
final class StartProblems {

    private StartProblems() {}

    static Problem of(Table.Failure failure) {
        String step = failure.row().step();
        if (step.equals(Launch.EXECUTE)) {
            List<Table.Result> attempts = failure.results().stream()
                    .filter(result -> result.row().step().equals(Launch.EXECUTE))
                    .toList();
            Table.Result best = attempts.stream()
                    .filter(result -> result.value() != -Errno.ENOENT && result.value() != -Errno.ENOTDIR)
                    .findFirst()
                    .orElse(attempts.getLast());
            int errno = (int) -best.value();
            if (Launch.meansNotFound(errno)) {
                return notFound(path(best), errno, attempts.size());
            }
        }
        if (step.equals(Launch.WORKING_FOLDER)) {
            return folder("working directory", failure).withHint("set a WORKDIR that is a folder in the image");
        }
        if (step.equals(Launch.VOLUME)) {
            return folder("volume", failure).withHint("declare volumes that are folders in the image");
        }
        return new SandboxFailure(failure.text()).problem();
    }

    /** The row that failed may be one of those without a path, behind the one that has it. */
    private static Problem folder(String what, Table.Failure failure) {
        String path = failure.results().stream()
                .filter(result -> result.row().step().equals(failure.row().step()))
                .filter(result -> result.stamp() != 0 || result.row().equals(failure.row()))
                .map(StartProblems::path)
                .filter(text -> text.startsWith("/"))
                .reduce((earlier, later) -> later)
                .orElse("?");
        return Problem.of(ErrorCode.SANDBOX_FAILED, "%s %s: %s".formatted(what, path, Errno.name(failure.errno())));
    }

    static Problem withoutEgress(SandboxSpec spec, EgressUnavailableException why) {
        String reason = why.getMessage();
        return Problem.of(
                        ErrorCode.EGRESS_UNAVAILABLE,
                        "instance %s has no way out: %s".formatted(spec.id(), reason == null ? "" : reason))
                .withHint("docs/network.md says what a node needs for egress");
    }

    private static Problem notFound(String path, int errno, int attempts) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String detail = switch (errno) {
            case Errno.EACCES -> "'%s' is in the image but may not be executed".formatted(path);
            case Errno.ENOEXEC -> "'%s' is neither a program for this machine nor a script with #!".formatted(path);
            case Errno.EISDIR -> "'%s' is a folder".formatted(path);
            default ->
                attempts > 1
                        ? "'%s' is in none of the %d folders of PATH".formatted(name, attempts)
                        : "'%s' does not exist in the image, or the interpreter or loader it names does not"
                                .formatted(path);
        };
        return Problem.of(ErrorCode.ENTRYPOINT_NOT_FOUND, detail + " (" + Errno.name(errno) + ")")
                .withHint("check ENTRYPOINT and CMD of the image, or the command of the service");
    }

    private static String path(Table.Result result) {
        return path(result.row().arguments());
    }

    private static String path(List<Argument> arguments) {
        return arguments.stream()
                .filter(Argument.Text.class::isInstance)
                .map(argument -> ((Argument.Text) argument).value())
                .findFirst()
                .orElse("?");
    }

    static Problem exited(SandboxSpec spec, SandboxExit exit, List<String> tail) {
        if (exit.outOfMemory()) {
            return Problem.of(
                            ErrorCode.OUT_OF_MEMORY,
                            "instance %s needed more than its limit of %d MiB before it listened on port %d%s"
                                    .formatted(
                                            spec.id(),
                                            spec.limits().memoryBytes() >> 20,
                                            spec.port(),
                                            exit.memoryDetail()))
                    .withEvidence(tail)
                    .withHint("raise the memory limit of the service");
        }
        return Problem.of(
                        ErrorCode.EXITED_BEFORE_READY,
                        "instance %s exited with code %d before it listened on port %d"
                                .formatted(spec.id(), exit.exitCode(), spec.port()))
                .withEvidence(tail);
    }

    static Problem notListening(SandboxSpec spec, List<String> tail) {
        return Problem.of(
                        ErrorCode.NOT_LISTENING,
                        "instance %s did not listen on port %d within %d ms"
                                .formatted(
                                        spec.id(),
                                        spec.port(),
                                        spec.startTimeout().toMillis()))
                .withEvidence(tail)
                .withHint("listen on 0.0.0.0 and on the port in the PORT environment variable");
    }
}
