package dev.wisp.cli;

import dev.wisp.cli.console.Console;
import java.util.List;
import java.util.Map;

/** Entry point of the command line; the launcher {@code ./wisp} calls it. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Console console = Console.ofProcess(System.getProperty("wisp.terminals", ""), environment);
        int exitCode = WispCommand.commandLine(console, environment, List.of(arguments))
                .execute(arguments);
        console.flush();
        // Not exit: it sets up logging first, to log that it was called, which takes 15 ms.
        Runtime.getRuntime().halt(exitCode);
    }
}
