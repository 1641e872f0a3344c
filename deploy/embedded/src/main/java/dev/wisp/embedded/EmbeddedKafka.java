package dev.wisp.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * An Apache Kafka broker in this JVM: KRaft, broker and controller in one, one node, on loopback unless told otherwise. Survives {@code kill -9} of the
 * process with everything it acknowledged (page cache), not the power going out.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final int NODE_ID = 1;

    private static final String LOOPBACK = "127.0.0.1";

    private final KafkaRaftServer server;
    private final String host;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, String host, int port) {
        this.server = server;
        this.host = host;
        this.port = port;
    }

    /**
     * Starts a broker on a free loopback port and returns when it takes connections.
     *
     * @param data its folder; formatted when empty
     * @throws IOException when the folder cannot be used
     */
    public static EmbeddedKafka start(Path data) throws IOException {
        return start(data, freePort());
    }

    /** Starts a broker on this loopback port. */
    public static EmbeddedKafka start(Path data, int port) throws IOException {
        return start(data, LOOPBACK, port);
    }

    /** Starts a broker on an address of this host, for processes of other hosts too: it takes connections of whoever reaches it. */
    public static EmbeddedKafka start(Path data, String host, int port) throws IOException {
        int controllerPort = freePort();
        format(data);
        KafkaRaftServer server = new KafkaRaftServer(
                KafkaConfig.fromProps(properties(data, host, port, controllerPort), false), Time.SYSTEM);
        server.startup();
        return new EmbeddedKafka(server, host, port);
    }

    public String bootstrapServers() {
        return host + ":" + port;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Properties properties(Path data, String host, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE_ID)),
                Map.entry("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://%s:%d,CONTROLLER://127.0.0.1:%d".formatted(host, port, controllerPort)),
                Map.entry("advertised.listeners", "PLAINTEXT://%s:%d".formatted(host, port)),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("log.dirs", data.toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("num.network.threads", "1"),
                Map.entry("num.io.threads", "2"),
                Map.entry("num.replica.fetchers", "1"),
                Map.entry("background.threads", "2"),
                Map.entry("log.cleaner.threads", "1"),
                // The cleaner's buffer is 128 MiB by default, for topics a thousand times as large as ours.
                Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20)),
                Map.entry("log.segment.bytes", Integer.toString(64 << 20)),
                // After an unclean stop a broker waits for its own old session to end: 9 s by default.
                Map.entry("broker.session.timeout.ms", "1000"),
                Map.entry("broker.heartbeat.interval.ms", "300")));
        return properties;
    }

    private static void format(Path data) throws IOException {
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(data);
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setIgnoreFormatted(true)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(data.toString())
                    .addDirectory(data.toString())
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot format %s for Kafka".formatted(data), e);
        }
    }

    /** A port free right now; another program could take it before it is used, in which case the start fails and says so. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
