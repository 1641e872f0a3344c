package dev.wisp.cli.invoke;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Endpoint;
import dev.wisp.cli.http.Headers;
import dev.wisp.cli.http.HttpClient;
import dev.wisp.cli.http.Request;
import dev.wisp.cli.http.Response;
import dev.wisp.cli.http.UnreachableException;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.NamespaceOption;
import dev.wisp.cli.service.ServicePath;
import dev.wisp.cli.service.Services;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wisp invoke}. */
@Command(
        name = "invoke",
        description = "Call a service: the body goes to standard output, the bill to standard error.",
        footer = {
            "",
            "Examples:",
            "  wisp invoke hello --cost",
            "  wisp invoke hello --path '/burn?ms=50' --cost",
            "  wisp invoke hello --path /echo -d @photo.jpg > same.jpg",
            "  wisp invoke api -X DELETE --path /items/7 -H 'Accept: application/json' -i --fail",
            "  id=$(wisp invoke hello --async -d input); wisp invoke hello --result $id"
        })
public final class InvokeCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(paramLabel = "NAME", description = "Name of the service.")
    String name = "";

    @Option(
            names = {"-d", "--data"},
            paramLabel = "BODY",
            description = "Request body: text, @FILE, or - for standard input.")
    @Nullable
    String data;

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "Method (default: GET, POST with a body).")
    @Nullable
    String method;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "Request header. Repeatable.")
    List<String> headers = List.of();

    @Option(
            names = "--path",
            paramLabel = "PATH",
            defaultValue = "/",
            description = "Path and query (default: ${DEFAULT-VALUE}).")
    String path = "/";

    @Option(
            names = {"-i", "--include"},
            description = "Print status and headers of the answer too.")
    boolean include;

    @Option(
            names = "--cost",
            description = "Print the bill of this call: cold or warm, phases, billed time, CPU time, cost.")
    boolean cost;

    @Option(
            names = {"-f", "--fail"},
            description = "Exit with 22 when the service answers 400 or above.")
    boolean fail;

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            description = "Connect here instead of where the service's URL points.")
    @Nullable
    String gateway;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Longest silence of the service; 0: no limit (default).")
    int timeoutSeconds;

    @Option(
            names = "--async",
            description = "Do not wait for the answer: the platform stores the call and makes it; prints its id.")
    boolean async;

    @Option(
            names = "--result",
            paramLabel = "ID",
            description = "Wait for the answer of a call made with --async, at most --timeout seconds, and print it.")
    @Nullable
    String result;

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ApiOption api = new ApiOption();

    public InvokeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Gateway target = target();
        Request request = request(target);
        long begin = System.nanoTime();
        try (Response response = result == null ? send(target, request) : awaited(target, request)) {
            if (async) {
                console.line(StoredCall.id(response));
                return ExitCode.OK;
            }
            if (include) {
                printHead(response);
            }
            response.body().transferTo(console.data());
            console.data().flush();
            double millis = (System.nanoTime() - begin) / 1e6;
            if (cost) {
                printBill(response, millis);
            }
            return fail && response.status() >= 400 ? ExitCode.HTTP_ERROR : ExitCode.OK;
        }
    }

    private Gateway target() {
        Endpoint override = gateway == null ? null : endpoint(gateway);
        return Gateway.of(url(), api.endpoint().host(), override);
    }

    /** A service answers also while the store behind the API is away: then its usual address is tried. */
    private String url() {
        try {
            JsonNode service = api.api().get(ServicePath.one(namespace.name(), name));
            String url = Services.url(service);
            return url.isEmpty() ? Gateway.usualUrl(namespace.name(), name) : url;
        } catch (CliException e) {
            if (!e.code().equals("E1805")) {
                throw e;
            }
            console.warn(
                    "the API cannot look up '%s' now (%s); trying its usual address".formatted(name, e.getMessage()));
            return Gateway.usualUrl(namespace.name(), name);
        }
    }

    private static Endpoint endpoint(String url) {
        try {
            return Endpoint.parse(url);
        } catch (IllegalArgumentException e) {
            throw CliException.of(ExitCode.USAGE, "--gateway: " + e.getMessage());
        }
    }

    private Request request(Gateway target) {
        Request.Body body = data == null ? null : RequestBody.of(data);
        String verb = method != null ? method : body == null ? "GET" : "POST";
        try {
            Headers given =
                    new Headers(headers.stream().map(Headers.Field::parse).toList());
            Headers all = given.has("Host") ? given : given.with("Host", target.host());
            if (result != null) {
                return new Request(
                        "GET", StoredCall.path(result), all.orElse(Headers.NONE.with("Accept", "*/*")), null);
            }
            if (async) {
                all = all.with("Prefer", "respond-async");
            }
            return new Request(verb, path, all.orElse(Headers.NONE.with("Accept", "*/*")), body);
        } catch (IllegalArgumentException e) {
            throw CliException.of(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private Response send(Gateway target, Request request) throws IOException {
        try {
            return HttpClient.send(target.endpoint(), request, Duration.ofSeconds(timeoutSeconds));
        } catch (UnreachableException e) {
            throw CliException.of(ExitCode.UNREACHABLE, "the gateway does not answer at " + target.endpoint())
                    .because(String.valueOf(e.getMessage()))
                    .hint("wisp status");
        }
    }

    private Response awaited(Gateway target, Request request) throws IOException {
        return StoredCall.await(() -> send(target, request), Duration.ofSeconds(timeoutSeconds));
    }

    private void printHead(Response response) {
        console.line("HTTP/1.1 %d %s".formatted(response.status(), Console.safe(response.reason())));
        response.headers().fields().forEach(field -> console.line(Console.safe(field.name() + ": " + field.value())));
        console.line("");
    }

    private void printBill(Response response, double millis) {
        Bill bill = new Bill(response.trailers().orElse(response.headers()));
        if (bill.isPresent()) {
            console.note(Console.safe(bill.line(millis)));
        } else {
            console.warn("the answer carries no bill: it did not come through Wisp's gateway");
        }
    }
}
