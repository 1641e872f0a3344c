package dev.wisp.cli.option;

import picocli.CommandLine.Option;

/** Which namespace a service is in. */
public final class NamespaceOption {

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            defaultValue = "default",
            description = "Namespace (default: ${DEFAULT-VALUE}).")
    String namespace = "";

    public String name() {
        return namespace;
    }
}
