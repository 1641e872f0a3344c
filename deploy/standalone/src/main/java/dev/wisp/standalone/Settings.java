package dev.wisp.standalone;

import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts what only this process knows (home, addresses of embedded servers) where the services' configuration finds it: system
 * properties. A setting that is already there, by {@code -D} or environment, wins; then {@code wisp.properties} in the home.
 */
final class Settings {

    static final String KAFKA = "wisp.kafka.bootstrap-servers";
    static final String KAFKA_LISTENER = "wisp.kafka.listen";
    static final String REPLICA = "wisp.autoscaler.signal.replica";
    static final String SANDBOX_BRANCH = "wisp.node.sandbox.prefix";
    static final String SANDBOX_USERS = "wisp.node.sandbox.uid-base";
    static final String POSTGRES = "wisp.postgres.url";

    private final Map<String, String> environment;

    Settings(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Reads {@code wisp.properties}; a missing file is an empty one. */
    void load(Home home) throws IOException {
        System.setProperty(Home.KEY, home.folder().toString());
        if (Files.isRegularFile(home.settings())) {
            loadFile(home);
        }
        setDefault(SANDBOX_BRANCH, home.branch());
        setDefault(SANDBOX_USERS, Long.toString(home.uidBase()));
        // Else each process makes a folder among the temporary files, which stays when it is killed.
        setDefault(
                "quarkus.vertx.cache-directory",
                home.run().resolve("vertx-cache").toString());
        Files.writeString(home.branchFile(), get(SANDBOX_BRANCH) + "\n");
    }

    Services services() {
        String text = get(Services.KEY);
        return Services.parse(text == null ? "all" : text);
    }

    @Nullable
    String get(String key) {
        String property = System.getProperty(key);
        return property != null
                ? property
                : environment.get(key.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
    }

    /** A listener's place. */
    record Address(String host, int port) {

        private static final Pattern TEXT = Pattern.compile("([^:]+):(\\d{1,5})");

        static Address parse(String key, String text) {
            Matcher parts = TEXT.matcher(text);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
                throw new IllegalArgumentException("%s=%s, must be HOST:PORT".formatted(key, text));
            }
            return new Address(parts.group(1), Integer.parseInt(parts.group(2)));
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** Where the embedded broker listens: a port of loopback, unless other hosts are to take part. */
    Address kafkaListener(String byDefault) {
        String text = get(KAFKA_LISTENER);
        return Address.parse(KAFKA_LISTENER, text == null ? byDefault : text);
    }

    void useKafka(String bootstrapServers) {
        System.setProperty(KAFKA, bootstrapServers);
    }

    /** With a broker of its own no other autoscaler can be there, so that this one need not be missed before it has the revisions back. */
    void useOwnKafka(String bootstrapServers) {
        useKafka(bootstrapServers);
        setDefault(REPLICA, "all-in-one");
    }

    /**
     * Points both drivers at one database.
     *
     * @param url {@code postgresql://user[:password]@host[:port]/database}
     */
    void usePostgres(String url) {
        URI uri = URI.create(url);
        String[] user = (uri.getUserInfo() == null ? "postgres" : uri.getUserInfo()).split(":", 2);
        String location = "%s:%d%s".formatted(uri.getHost(), uri.getPort() < 0 ? 5432 : uri.getPort(), uri.getPath());
        setDefault("quarkus.datasource.username", user[0]);
        if (user.length > 1) {
            setDefault("quarkus.datasource.password", user[1]);
        }
        setDefault("quarkus.datasource.jdbc.url", "jdbc:postgresql://" + location);
        setDefault("quarkus.datasource.reactive.url", "postgresql://" + location);
    }

    /** Whether any of these services keeps its truth in Postgres. */
    static boolean needsPostgres(Services services) {
        return services.runs(Service.FUNCTION_CONTROLLER) || services.runs(Service.BILLING);
    }

    private void loadFile(Home home) throws IOException {
        Properties file = new Properties();
        try (Reader reader = Files.newBufferedReader(home.settings(), StandardCharsets.UTF_8)) {
            file.load(reader);
        }
        file.stringPropertyNames().forEach(key -> setDefault(key, file.getProperty(key)));
    }

    private void setDefault(String key, String value) {
        if (get(key) == null) {
            System.setProperty(key, value);
        }
    }
}
