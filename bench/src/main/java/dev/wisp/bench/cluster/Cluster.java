package dev.wisp.bench.cluster;

import dev.wisp.bench.platform.Platform;
import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All parts of a platform on this host, each in a process of its own, with state in a given folder. Thread-safe. */
public final class Cluster implements AutoCloseable {

    /** Enough for a million records and Postgres' log of changes. */
    private static final int DATABASE_MEBIBYTES = 3_072;

    private static final int BROKER_MEBIBYTES = 2_048;
    private static final String LOOPBACK = "127.0.0.1";

    private final Map<Part, Member> members = new EnumMap<>(Part.class);
    private final Map<Part, URI> apis = new EnumMap<>(Part.class);
    private final Path root;
    private final Path folder;
    private final int brokerPort = freePort();
    private final int databasePort = freePort();
    private final int gatewayPort = freePort();
    private final PrivateDisk brokerDisk;
    private final PrivateDisk databaseDisk;

    private Cluster(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
        brokerDisk = PrivateDisk.mount(folder.resolve("broker"), BROKER_MEBIBYTES);
        databaseDisk = PrivateDisk.mount(folder.resolve("database"), DATABASE_MEBIBYTES);
        for (Part part : Part.values()) {
            apis.put(part, URI.create("http://%s:%d".formatted(LOOPBACK, freePort())));
        }
        for (Part part : Part.values()) {
            members.put(part, member(part));
        }
    }

    /**
     * Starts everything and returns when all of it is ready.
     *
     * @param root where Wisp is installed
     */
    public static Cluster start(Path root, Path folder) throws InterruptedException {
        Cluster cluster = new Cluster(root, folder);
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::killAll, "kill"));
        try {
            for (Member member : cluster.members.values()) {
                member.awaitReady();
            }
            return cluster;
        } catch (BenchException | InterruptedException e) {
            cluster.killAll();
            throw e;
        }
    }

    /** The API of one part, and the gateway. */
    public Platform platform(Part part) {
        return new Platform(
                api(part), URI.create("http://%s:%d".formatted(LOOPBACK, gatewayPort)), folder.resolve(part.title()));
    }

    /** {@code kill -9}, and at once a new start; returns how long it was away. */
    public synchronized Duration killAndStart(Part part) throws InterruptedException {
        Member member = found(part, members);
        member.kill();
        long start = System.nanoTime();
        member.start();
        member.awaitReady();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** {@code kill -9}, and at once a new start that nobody waits for; returns whether it was ready before. */
    public synchronized boolean killAndGoOn(Part part) throws InterruptedException {
        startEnded();
        Member member = found(part, members);
        boolean ready = member.isReady();
        member.kill();
        member.start();
        return ready;
    }

    /** Starts again what ended by itself, as a supervisor would. */
    public synchronized List<Part> startEnded() {
        List<Part> started = new ArrayList<>();
        members.forEach((part, member) -> {
            if (!member.isAlive()) {
                member.start();
                started.add(part);
            }
        });
        return started;
    }

    /** Returns when all are ready. */
    public synchronized void awaitReady() throws InterruptedException {
        for (Member member : members.values()) {
            member.awaitReady();
        }
    }

    /** The disk of the broker or of the database. */
    public PrivateDisk disk(Part part) {
        return switch (part) {
            case BROKER -> brokerDisk;
            case DATABASE -> databaseDisk;
            default -> throw new IllegalArgumentException("no disk of its own: " + part);
        };
    }

    @Override
    public synchronized void close() {
        List<Member> last = new ArrayList<>(members.values()).reversed();
        try {
            for (Member member : last) {
                member.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            killAll();
        }
        brokerDisk.unmount();
        databaseDisk.unmount();
    }

    /** Takes no lock: whoever holds it may be what is to be ended. */
    private void killAll() {
        try {
            for (Member member : members.values()) {
                member.kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Member member(Part part) {
        return switch (part) {
            case DATABASE -> new DatabaseMember(databaseDisk.folder(), databasePort);
            case BROKER ->
                ProcessMember.listening(part.title(), brokerCommand(), folder.resolve("broker.log"), brokerPort);
            default -> ProcessMember.healthy(part.title(), serviceCommand(part), log(part), api(part));
        };
    }

    private List<String> brokerCommand() {
        return List.of(
                java(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Broker.class.getName(),
                brokerDisk.folder().resolve("data").toString(),
                Integer.toString(brokerPort));
    }

    private List<String> serviceCommand(Part part) {
        List<String> command = new ArrayList<>();
        command.add(java());
        Path cache = root.resolve("deploy/standalone/target/wisp.aot");
        if (Files.isRegularFile(cache)) {
            command.add("-XX:AOTCache=" + cache);
            command.add("-Xlog:disable");
        }
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dwisp.home=" + home(part),
                "-Dwisp.services=" + part.services(),
                "-Dquarkus.http.port=" + api(part).getPort(),
                "-Dwisp.gateway.port=" + gatewayPort,
                "-Dwisp.controller.serving.url-port=" + gatewayPort,
                "-Dwisp.controller.registry.address=" + api(Part.CONTROLLER).getAuthority(),
                "-Dwisp.kafka.bootstrap-servers=%s:%d".formatted(LOOPBACK, brokerPort),
                "-Dwisp.postgres.url=postgresql://postgres@%s:%d/postgres".formatted(LOOPBACK, databasePort),
                "-jar",
                root.resolve("deploy/standalone/target/quarkus-app/quarkus-run.jar")
                        .toString()));
        return command;
    }

    private Path home(Part part) {
        try {
            return Files.createDirectories(folder.resolve(part.name().toLowerCase(Locale.ROOT)));
        } catch (IOException e) {
            throw new BenchException("cannot make a home for %s: %s".formatted(part.title(), e), e);
        }
    }

    private Path log(Part part) {
        return folder.resolve(part.name().toLowerCase(Locale.ROOT) + ".log");
    }

    private URI api(Part part) {
        return found(part, apis);
    }

    private static <T> T found(Part part, Map<Part, T> of) {
        T found = of.get(part);
        if (found == null) {
            throw new IllegalStateException("not there: " + part);
        }
        return found;
    }

    private static String java() {
        return ProcessHandle.current().info().command().orElseThrow();
    }

    /** A port free right now. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchException("no free port: " + e, e);
        }
    }
}
