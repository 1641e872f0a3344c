package dev.wisp.standalone;

import dev.wisp.contracts.service.Services;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What lives as long as the process, outside the container's beans. */
final class StandaloneProcess {

    private static volatile @Nullable StandaloneProcess current;

    private final StartupPhases phases;
    private final EmbeddedServers servers;
    private final HomeLock lock;

    private StandaloneProcess(StartupPhases phases, EmbeddedServers servers, HomeLock lock) {
        this.phases = phases;
        this.servers = servers;
        this.lock = lock;
    }

    static StandaloneProcess current() {
        StandaloneProcess process = current;
        if (process == null) {
            throw new IllegalStateException("the process was not started by Main");
        }
        return process;
    }

    StartupPhases phases() {
        return phases;
    }

    void stop() throws IOException {
        servers.stop();
        lock.close();
    }

    static void start(Home home, Settings settings, HomeLock lock) throws IOException {
        Services services = settings.services();
        StartupPhases phases = new StartupPhases(
                home.run().resolve("startup.json"),
                ManagementFactory.getRuntimeMXBean().getStartTime(),
                expected(services));
        phases.done("jvm");
        EmbeddedServers servers = new EmbeddedServers(phases);
        kafka(home, settings, servers);
        if (Settings.needsPostgres(services)) {
            postgres(home, settings, servers, phases);
        } else {
            settings.usePostgres("postgresql://postgres@127.0.0.1:1/none");
        }
        current = new StandaloneProcess(phases, servers, lock);
    }

    private static Set<String> expected(Services services) {
        Set<String> expected = new TreeSet<>(Set.of("services"));
        if (Settings.needsPostgres(services)) {
            expected.add("schema");
        }
        return expected;
    }

    private static void kafka(Home home, Settings settings, EmbeddedServers servers) throws IOException {
        String external = settings.get(Settings.KAFKA);
        if (external != null) {
            settings.useKafka(external);
            servers.ensureTopics(external);
            return;
        }
        Settings.Address address = settings.kafkaListener("127.0.0.1:" + freePort());
        settings.useOwnKafka(address.toString());
        servers.startKafka(home, address.host(), address.port());
    }

    private static void postgres(Home home, Settings settings, EmbeddedServers servers, StartupPhases phases)
            throws IOException {
        String external = settings.get(Settings.POSTGRES);
        if (external != null) {
            settings.usePostgres(external);
            phases.done("postgres");
            return;
        }
        int port = freePort();
        settings.usePostgres("postgresql://postgres@127.0.0.1:%d/postgres".formatted(port));
        servers.startPostgres(home, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
