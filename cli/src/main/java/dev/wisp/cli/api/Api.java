package dev.wisp.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Endpoint;
import dev.wisp.cli.http.Headers;
import dev.wisp.cli.http.HttpClient;
import dev.wisp.cli.http.Request;
import dev.wisp.cli.http.Response;
import dev.wisp.cli.http.UnreachableException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The platform's API. A problem document becomes a {@link CliException} with its words. Thread-safe. */
public final class Api {

    /** Longest answer that is read whole. */
    static final int ANSWER_BYTES_MAX = 64 << 20;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Endpoint endpoint;

    public Api(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public JsonNode get(String path) {
        return exchange(Request.get(path), TIMEOUT);
    }

    /** What the platform says of its own health, whether that is good or not. */
    public JsonNode health() {
        try (Response response = send(Request.get("/q/health"), TIMEOUT)) {
            return response.status() == 503 ? Json.parse(response.text(ANSWER_BYTES_MAX)) : json(response);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Empty when the API says 404. */
    public Optional<JsonNode> find(String path) {
        try (Response response = send(Request.get(path), TIMEOUT)) {
            return response.status() == 404 ? Optional.empty() : Optional.of(json(response));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    public JsonNode send(String method, String path, @Nullable JsonNode body) {
        Request.Body text = body == null ? null : Request.Body.of(Json.compact(body));
        Headers headers = body == null ? Headers.NONE : Headers.NONE.with("Content-Type", "application/json");
        return exchange(new Request(method, path, headers, text), TIMEOUT);
    }

    /** Sends with a longest silence of its own. */
    public JsonNode exchange(Request request, Duration readTimeout) {
        try (Response response = send(request, readTimeout)) {
            return json(response);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Hands out the streaming answer, which the caller closes; any status but 2xx is a failure. */
    public Response stream(String path, Duration readTimeout) throws IOException {
        Response response = send(Request.get(path), readTimeout);
        if (response.status() / 100 != 2) {
            try (response) {
                throw Problems.failure(response.status(), response.text(ANSWER_BYTES_MAX));
            }
        }
        return response;
    }

    private static JsonNode json(Response response) throws IOException {
        String text = response.text(ANSWER_BYTES_MAX);
        if (response.status() / 100 != 2) {
            throw Problems.failure(response.status(), text);
        }
        return Json.parse(text.isEmpty() ? "{}" : text);
    }

    private Response send(Request request, Duration readTimeout) throws IOException {
        try {
            return HttpClient.send(endpoint, request.withHeader("Accept", "application/json, */*;q=0.5"), readTimeout);
        } catch (UnreachableException e) {
            throw CliException.of(ExitCode.UNREACHABLE, "the platform does not answer at " + endpoint)
                    .because(String.valueOf(e.getMessage()))
                    .hint("wisp up, or --api URL (WISP_API) when it runs elsewhere");
        }
    }

    private CliException broken(IOException e) {
        boolean timeout = e instanceof SocketTimeoutException;
        return CliException.of(
                        timeout ? ExitCode.TIMEOUT : ExitCode.FAILED,
                        timeout
                                ? "no answer from " + endpoint + " in time"
                                : "the exchange with " + endpoint + " broke off")
                .because(String.valueOf(e.getMessage()))
                .hint("wisp status");
    }
}
