package dev.wisp.samples.hellojava;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The same greeting as the sample {@code hello}, from a Java virtual machine: {@code /} says hello, {@code /echo} sends the body back.
 * Its start takes a JVM's start; comparing the two shows how much of a cold start is the platform and how much the workload.
 */
public final class HelloJava {

    private static final int NO_BODY = -1;

    private final AtomicLong calls = new AtomicLong();

    private HelloJava() {}

    /** Listens on {@code PORT}, 8080 if unset. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        HelloJava hello = new HelloJava();
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 1_024);
        server.createContext("/", hello::greet);
        server.createContext("/echo", HelloJava::echo);
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

    private static void print(String line) {
        System.out.println(line);
    }
}
