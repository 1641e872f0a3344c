package dev.wisp.cli.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.api.Api;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Units;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Endpoint;
import dev.wisp.cli.option.HomeOption;
import dev.wisp.cli.service.Deployment;
import dev.wisp.cli.service.ServicePath;
import dev.wisp.cli.service.Services;
import dev.wisp.cli.service.Stopwatch;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wisp up}. */
@Command(
        name = "up",
        description = "Start the platform on this machine and wait until it is ready. Needs root.",
        footer = {
            "",
            "Examples:",
            "  wisp up",
            "  wisp up --port 80 --home /srv/wisp",
            "  wisp up --kafka kafka:9092 --postgres postgresql://wisp:secret@db/wisp",
            "  wisp up --services gateway,node-runtime --kafka kafka:9092"
        })
public final class UpCommand implements Callable<Integer> {

    private static final String SAMPLE = "hello";
    private static final String NAMESPACE = "default";
    private static final Duration SAMPLE_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_GRACE = Duration.ofSeconds(30);

    private final Console console;
    private final Installation installation;
    private final Stopwatch watch = new Stopwatch();

    @Mixin
    StartSettings settings = new StartSettings();

    @Option(names = "--no-sample", description = "Do not deploy the sample service 'hello' on the first start.")
    boolean noSample;

    @Option(
            names = "--foreground",
            description = "Stay in the foreground, log to the terminal, stop on Ctrl-C; for service managers.")
    boolean foreground;

    @Option(
            names = "--wait-timeout",
            paramLabel = "SECONDS",
            defaultValue = "90",
            description = "Longest time to wait (default: ${DEFAULT-VALUE}).")
    int waitTimeoutSeconds;

    @Mixin
    HomeOption homeOption = new HomeOption();

    public UpCommand(Console console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = new Home(homeOption.folder());
        Optional<ProcessHandle> running = home.platform();
        if (running.isPresent()) {
            return alreadyRunning(home, running.get());
        }
        Preflight.check(home, settings);
        PlatformCommandLine command = PlatformCommandLine.of(installation, home, settings);
        if (foreground) {
            return runInForeground(command);
        }
        console.heading("Starting Wisp");
        Endpoint api = api();
        new PlatformStart(home, console, watch).run(command, api, Duration.ofSeconds(waitTimeoutSeconds));
        console.phase(watch.millis(), "Platform ready", "");
        String url = sample(home, new Api(api));
        whereThingsAre(home, url);
        return ExitCode.OK;
    }

    private Integer alreadyRunning(Home home, ProcessHandle process) {
        String since = process.info()
                .startInstant()
                .map(start -> ", up for " + Units.age(Duration.between(start, now())))
                .orElse("");
        console.note("Wisp is already running: pid %d%s, home %s".formatted(process.pid(), since, home.folder()));
        // Its own ports, which need not be those of this command.
        Proc.option(process.pid(), "-Dquarkus.http.port=").ifPresent(port -> {
            console.note("  API      http://127.0.0.1:" + port);
            console.note("  console  http://127.0.0.1:%s/console/".formatted(port));
        });
        Proc.option(process.pid(), "-Dwisp.gateway.port=")
                .ifPresent(port -> console.note("  services http://NAME.NAMESPACE.localhost:" + port));
        console.note("  try      wisp services list ; wisp down");
        return ExitCode.OK;
    }

    /** Deploys the sample on the first start; the URL to call, the gateway's own where there is no sample. */
    private String sample(Home home, Api api) throws IOException {
        String gateway = "http://%s.%s.localhost:%d".formatted("NAME", NAMESPACE, settings.port);
        if (noSample || !settings.deploysServices()) {
            return gateway;
        }
        Optional<JsonNode> existing = api.find(ServicePath.one(NAMESPACE, SAMPLE));
        if (existing.isPresent()) {
            return Services.url(existing.get());
        }
        if (Files.exists(home.sampleMark()) || !Files.isRegularFile(installation.sample())) {
            return gateway;
        }
        try {
            JsonNode service = new Deployment(api, console, NAMESPACE, SAMPLE, watch)
                    .ofArchive(installation.sample(), SAMPLE_TIMEOUT);
            Files.createFile(home.sampleMark());
            return Services.url(service);
        } catch (CliException e) {
            console.warn("the platform runs, but its sample was not deployed:");
            console.error(e);
            return gateway;
        }
    }

    private void whereThingsAre(Home home, String url) {
        console.heading(String.format(Locale.ROOT, "Wisp is up after %.1f s", watch.millis() / 1000.0));
        console.note("  API      " + api());
        console.note("  console  " + api() + "/console/");
        console.note("  home     " + home.folder());
        console.note("  log      " + home.log());
        console.note("  try      wisp invoke hello --cost ; wisp usage ; wisp down");
        console.result(url);
    }

    /** The child gets the terminal's Ctrl-C itself; a SIGTERM to this process is passed on. */
    private static int runInForeground(PlatformCommandLine command) throws IOException, InterruptedException {
        Process process = command.process().inheritIO().start();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ProcessStop.end(process.toHandle(), STOP_GRACE), "stop-platform"));
        return process.waitFor();
    }

    private Endpoint api() {
        return new Endpoint(false, "127.0.0.1", settings.apiPort);
    }

    private static Instant now() {
        return InstantSource.system().instant();
    }
}
