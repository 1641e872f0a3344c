package dev.wisp.node.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.oci.MediaTypes;
import dev.wisp.contracts.revision.ImageRef;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A registry on loopback that has what it is told to have, right or wrong. */
final class MemoryRegistry implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> content = new ConcurrentHashMap<>();
    final List<String> requests = new CopyOnWriteArrayList<>();

    MemoryRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(path);
        byte[] found = content.get(path);
        byte[] body = found == null
                ? "{\"errors\":[{\"message\":\"manifest unknown\"}]}".getBytes(StandardCharsets.UTF_8)
                : found;
        exchange.sendResponseHeaders(found == null ? 404 : 200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Has an image of these compressed layers; sizes and digests are right. */
    ImageRef push(String name, byte[]... layers) {
        String config = descriptor(MediaTypes.OCI_CONFIG, blob(name, "{}".getBytes(StandardCharsets.UTF_8)), 2);
        String list = Stream.of(layers)
                .map(layer -> descriptor(MediaTypes.OCI_LAYER_GZIP, blob(name, layer), layer.length))
                .collect(Collectors.joining(","));
        return pushManifest(name, "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}".formatted(config, list));
    }

    ImageRef pushManifest(String name, String manifest) {
        byte[] document = manifest.getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.of(document);
        content.put("/v2/%s/manifests/%s".formatted(name, digest), document);
        String repository = "127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), name);
        return new ImageRef(name, repository, digest.toString(), true);
    }

    Digest blob(String name, byte[] bytes) {
        Digest digest = Digest.of(bytes);
        serve(name, digest, bytes);
        return digest;
    }

    /** Serves any bytes as a blob. */
    void serve(String name, Digest digest, byte[] bytes) {
        content.put("/v2/%s/blobs/%s".formatted(name, digest), bytes);
    }

    static String descriptor(String type, Digest digest, long size) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}".formatted(type, digest, size);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
