package dev.wisp.cli.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the platform's process is told when it is started. */
final class StartSettings {

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port that services are called on (default: ${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "Port of API and console (default: ${DEFAULT-VALUE}).")
    int apiPort;

    @Option(
            names = "--services",
            paramLabel = "NAMES",
            defaultValue = "all",
            description =
                    "all, or some of gateway, function-controller, autoscaler, node-runtime, billing by comma (default: ${DEFAULT-VALUE}).")
    String services = "all";

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Use this Kafka instead of the embedded one.")
    @Nullable
    String kafka;

    @Option(
            names = "--postgres",
            paramLabel = "URL",
            description =
                    "Use this Postgres (postgresql://user:password@host:port/database) instead of the embedded one.")
    @Nullable
    String postgres;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "512m",
            description = "Java heap of the platform (default: ${DEFAULT-VALUE}).")
    String heap = "512m";

    @Option(
            names = {"-D", "--define"},
            paramLabel = "KEY=VALUE",
            description = "Any other setting, such as -D wisp.gateway.routing.domain=example.org. Repeatable.")
    List<String> defined = List.of();

    boolean deploysServices() {
        return services.equals("all") || services.contains("function-controller");
    }

    /** What goes by environment: a command line, which may not hold the database's password, is open to every user of the host. */
    Map<String, String> environment() {
        return postgres == null ? Map.of() : Map.of("WISP_POSTGRES_URL", postgres);
    }

    /** {@code -D} arguments of the JVM. */
    List<String> properties(Home home) {
        List<String> properties = new ArrayList<>();
        properties.add("-Dwisp.home=" + home.folder());
        properties.add("-Dwisp.gateway.port=" + port);
        properties.add("-Dquarkus.http.port=" + apiPort);
        properties.add("-Dwisp.services=" + services);
        // Both follow from the ports, and only the one who chooses those knows.
        properties.add("-Dwisp.controller.serving.url-port=" + port);
        properties.add("-Dwisp.controller.registry.address=127.0.0.1:" + apiPort);
        if (kafka != null) {
            properties.add("-Dwisp.kafka.bootstrap-servers=" + kafka);
        }
        defined.forEach(setting -> properties.add("-D" + setting));
        return properties;
    }
}
