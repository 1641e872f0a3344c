package dev.wisp.cli.option;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives every option an environment variable: {@code WISP_API} for {@code --api} and the others that commands share, and
 * {@code WISP_UP_PORT} for {@code wisp up --port}, so that the port to publish and the port inside a container are never mixed up.
 */
public final class EnvironmentDefaults implements CommandLine.IDefaultValueProvider {

    /** Options that mean the same wherever they stand. */
    private static final List<String> SHARED =
            List.of("--api", "--namespace", "--output", "--quiet", "--home", "--no-headers");

    private final Map<String, String> environment;

    public EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()
                ? environment.get(variable(option))
                : null;
    }

    /** The variable behind an option. */
    public static String variable(OptionSpec option) {
        String name = option.longestName();
        String command = SHARED.contains(name) ? "" : commandPath(option);
        return "WISP_" + command
                + name.replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String commandPath(OptionSpec option) {
        String path = option.command().qualifiedName("_").replaceFirst("^wisp_?", "");
        return path.isEmpty() ? "" : path.replace('-', '_').toUpperCase(Locale.ROOT) + "_";
    }
}
