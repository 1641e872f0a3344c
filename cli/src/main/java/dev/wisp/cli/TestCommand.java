package dev.wisp.cli;

import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code wisp test}: its help. The launcher runs it, because the build replaces the files of this very program. */
@Command(
        name = "test",
        description =
                "Run every check and test of this source tree. Needs root, and nothing of Wisp running from the tree.",
        footer = {
            "",
            "Examples:",
            "  ./wisp test",
            "  ./wisp test -pl contracts -am      Maven's options go on to Maven",
            "  ./wisp test --guest                the sandbox's tests in an emulated machine with cgroup v2"
        })
final class TestCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        throw CliException.of(ExitCode.USAGE, "wisp test runs in a source tree, by its launcher")
                .hint("./wisp test");
    }
}
