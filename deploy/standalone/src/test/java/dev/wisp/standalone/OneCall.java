package dev.wisp.standalone;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** One call from wherever this process is; prints the status. */
final class OneCall {

    private OneCall() {}

    /** The gateway's address, and the service's host. */
    public static void main(String[] arguments) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0]))
                .timeout(Duration.ofSeconds(20))
                .header("Host", arguments[1])
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            System.out.println(client.send(request, BodyHandlers.discarding()).statusCode());
        }
    }
}
