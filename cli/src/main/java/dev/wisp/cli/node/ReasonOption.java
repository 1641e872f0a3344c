package dev.wisp.cli.node;

import picocli.CommandLine.Option;

/** {@code --reason}. */
public final class ReasonOption {

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Why, for whoever looks at the list.")
    String reason = "";
}
