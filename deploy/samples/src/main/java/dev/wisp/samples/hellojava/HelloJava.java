package dev.wisp.samples.hellojava;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The same greeting as the sample {@code hello}, from a Java virtual machine: {@code /} says hello, {@code /echo} sends the body back,
 * {@code /reach?HOST:PORT} connects there and says what came back first, which shows where a service with egress gets to.
 * Its start takes a JVM's start; comparing the two shows how much of a cold start is the platform and how much the workload.
 */
public final class HelloJava {

    private static final int NO_BODY = -1;
    private static final int REACH_MILLIS = 2_000;
    private static final int REACH_BYTES = 100;

    private final AtomicLong calls = new AtomicLong();

    private HelloJava() {}

    /** Listens on {@code PORT}, 8080 if unset. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        HelloJava hello = new HelloJava();
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 1_024);
        server.createContext("/", hello::greet);
        server.createContext("/echo", HelloJava::echo);
        server.createContext("/reach", HelloJava::reach);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        Map<String, String> environment = System.getenv();
        print("listening on port %d, %d environment variables".formatted(port, environment.size()));
    }

    private void greet(HttpExchange exchange) throws IOException {
        String text = "Hello from Wisp, from Java %s!\nYou called %s %s at %s.\nThis is call %d of this instance.\n"
                .formatted(
                        System.getProperty("java.version"),
                        exchange.getRequestMethod(),
                        exchange.getRequestURI(),
                        exchange.getRequestHeaders().getFirst("Host"),
                        calls.incrementAndGet());
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(200, head ? NO_BODY : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
        print("%s %s 200".formatted(exchange.getRequestMethod(), exchange.getRequestURI()));
    }

    private static void echo(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (InputStream in = exchange.getRequestBody();
                OutputStream out = exchange.getResponseBody()) {
            in.transferTo(out);
        }
        print("%s /echo 200".formatted(exchange.getRequestMethod()));
    }

    private static void reach(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        int colon = query.lastIndexOf(':');
        if (colon < 0 || !query.substring(colon + 1).matches("\\d{1,4}|[1-5]\\d{4}")) {
            text(exchange, 400, "say where to: /reach?HOST:PORT\n");
            return;
        }
        try {
            InetAddress address = InetAddress.getByName(query.substring(0, colon));
            InetSocketAddress where = new InetSocketAddress(address, Integer.parseInt(query.substring(colon + 1)));
            text(exchange, 200, "reached %s: %s\n".formatted(address.getHostAddress(), firstBytes(where)));
        } catch (IOException e) {
            text(exchange, 502, "not reached: %s\n".formatted(e));
        }
    }

    private static String firstBytes(InetSocketAddress where) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(where, REACH_MILLIS);
            socket.setSoTimeout(REACH_MILLIS);
            return new String(socket.getInputStream().readNBytes(REACH_BYTES), StandardCharsets.UTF_8);
        }
    }

    private static void text(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
        print("%s %s %d".formatted(exchange.getRequestMethod(), exchange.getRequestURI(), status));
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
