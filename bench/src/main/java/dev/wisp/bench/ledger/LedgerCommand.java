package dev.wisp.bench.ledger;

import dev.wisp.bench.cluster.Cluster;
import dev.wisp.bench.cluster.Part;
import dev.wisp.bench.cluster.PrivateMounts;
import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.ledger.LedgerCheck.Verdict;
import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.platform.BenchService;
import dev.wisp.bench.platform.Platform;
import dev.wisp.bench.platform.PlatformOptions;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wisp bench ledger}. */
@Command(
        name = "ledger",
        description = {
            "Clients call while the platform's process is killed with -9 again and again. Afterwards every answer they got whole",
            "must have exactly one record, and the totals must be the sums. Exit code 1 when anything is off."
        })
public final class LedgerCommand implements Callable<Integer> {

    private static final Duration CATCH_UP_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(500);

    /** Longer than billing pauses between two tries. */
    private static final Duration QUIET = Duration.ofSeconds(6);

    @Mixin
    PlatformOptions options = new PlatformOptions();

    @Option(
            names = "--n",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Whole answers (default: ${DEFAULT-VALUE}).")
    int n;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "8",
            description = "Clients (default: ${DEFAULT-VALUE}).")
    int clients;

    @Option(names = "--kills", paramLabel = "N", defaultValue = "3", description = "Kills (default: ${DEFAULT-VALUE}).")
    int kills;

    @Option(
            names = "--start-command",
            paramLabel = "COMMAND",
            description = "Starts the platform, with WISP_HOME set to --home (default: wisp up --no-sample).")
    @Nullable
    String startCommand;

    @Option(names = "--kill-running", description = "Use, and kill, a platform that already runs there.")
    boolean killRunning;

    @Option(
            names = "--apart",
            description = {
                "A platform of its own, with broker, database, billing and data plane in processes of their own:",
                "--kills of each, and the disks of broker and database full once each."
            })
    boolean apart;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Order of what --apart does (default: ${DEFAULT-VALUE}).")
    long seed;

    @Override
    public Integer call() throws InterruptedException {
        if (n < 1 || clients < 1 || kills < 0) {
            throw new BenchException("--n and --clients: at least 1, --kills: at least 0");
        }
        return apart ? callApart() : callTogether();
    }

    private int callApart() throws InterruptedException {
        if (!PrivateMounts.here()) {
            return PrivateMounts.runAgain();
        }
        try (WorkFolder folder = WorkFolder.create();
                Cluster cluster = Cluster.start(options.root(), folder.path());
                Platform billing = cluster.platform(Part.BILLING);
                Platform controller = cluster.platform(Part.CONTROLLER);
                BenchService service = BenchService.deploy(
                        controller, "ledger", options.sampleImage(), Map.of(), Map.of("LOG", "off"))) {
            long start = System.nanoTime();
            Load load =
                    new ApartRun(cluster, clients, kills, seed).run(service, controller.gateway(), folder.path(), n);
            double seconds = (System.nanoTime() - start) / 1e9;
            String what = "%d clients, %d kills of each part".formatted(clients, kills);
            boolean right = judge(load, new LedgerReader(billing, service.name()), seconds, what);
            return right && ApartRun.isVerified(billing) ? 0 : 1;
        }
    }

    private int callTogether() throws InterruptedException {
        try (Platform platform = options.platform();
                WorkFolder folder = WorkFolder.create()) {
            PlatformProcess process = new PlatformProcess(
                    platform, command(platform), folder.path().resolve("start.log"));
            if (!process.isRunning()) {
                System.out.println("starting the platform: " + command(platform));
                process.start();
            } else if (!killRunning) {
                throw new BenchException(
                        "a platform runs on %s, and this benchmark kills it: stop it first (wisp down), or --kill-running"
                                .formatted(platform.home()));
            }
            String name = "ledger-" + Long.toString(System.currentTimeMillis(), 36);
            try (BenchService service =
                    BenchService.deploy(platform, name, options.sampleImage(), Map.of(), Map.of("LOG", "off"))) {
                int code = run(platform, process, service, folder);
                System.out.println("the platform runs on; wisp down ends it");
                return code;
            }
        }
    }

    private int run(Platform platform, PlatformProcess process, BenchService service, WorkFolder folder)
            throws InterruptedException {
        Load load = new Load(HttpConnection.address(platform.gateway()), service.host(), n);
        long start = System.nanoTime();
        load.start(clients, folder.path());
        try {
            killInTheMiddle(load, process);
            load.join();
        } finally {
            load.stop();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        String what = "%d clients, %d kills of the platform's process".formatted(clients, kills);
        return judge(load, new LedgerReader(platform, service.name()), seconds, what) ? 0 : 1;
    }

    private boolean judge(Load load, LedgerReader reader, double seconds, String what) throws InterruptedException {
        Verdict verdict = awaitLedger(reader, load.attempts());
        print(verdict);
        Report report = new Report(
                "ledger",
                verdict.whole(),
                List.of(load.samples().series("answers, client to last byte").withPerSecond(verdict.whole() / seconds)),
                figures(verdict),
                List.of(what));
        options.publish(report, System.out);
        return verdict.isClean();
    }

    private void killInTheMiddle(Load load, PlatformProcess process) throws InterruptedException {
        for (int kill = 1; kill <= kills; kill++) {
            long at = (long) n * kill / (kills + 1);
            while (load.whole() < at) {
                Thread.sleep(POLL.dividedBy(50));
            }
            process.kill();
            Duration recovery = process.start();
            System.out.printf(
                    Locale.ROOT,
                    "kill -9 after %d whole answers; ready again after %.1f s%n",
                    at,
                    recovery.toMillis() / 1_000.0);
        }
    }

    /** Records reach the ledger a moment after their answers: reads until the verdict no longer changes. */
    private static Verdict awaitLedger(LedgerReader reader, List<Attempt> attempts) throws InterruptedException {
        awaitTotals(reader);
        // From here on, since reading a million records takes minutes.
        long end = System.nanoTime() + CATCH_UP_TIMEOUT.toNanos();
        Verdict last = null;
        while (true) {
            Totals usage = reader.totals();
            Verdict verdict = LedgerCheck.check(attempts, reader.records(), usage);
            boolean settled = verdict.isClean() && verdict.equals(last);
            if (settled || System.nanoTime() > end) {
                return verdict;
            }
            last = verdict;
            Thread.sleep(POLL.multipliedBy(2));
        }
    }

    /** Returns when nothing was added for some seconds: until then reading all records would be in vain. */
    private static void awaitTotals(LedgerReader reader) throws InterruptedException {
        long end = System.nanoTime() + CATCH_UP_TIMEOUT.toNanos();
        Totals last = null;
        for (Totals now = reader.totals(); !now.equals(last) && System.nanoTime() < end; now = reader.totals()) {
            last = now;
            Thread.sleep(QUIET);
        }
    }

    private static void print(Verdict verdict) {
        System.out.printf("%nwhole answers              %8d%n", verdict.whole());
        System.out.printf("  without a record         %8d%n", verdict.missing());
        System.out.printf("unfinished calls           %8d%n", verdict.unfinished());
        System.out.printf("  with a record            %8d%n", verdict.unfinishedRecorded());
        System.out.printf("refused connections        %8d%n", verdict.refused());
        System.out.printf("records                    %8d%n", verdict.records());
        System.out.printf("  platform errors, free    %8d%n", verdict.platformErrors());
        verdict.violations().forEach(violation -> System.out.println("VIOLATION  " + violation));
        System.out.println(verdict.isClean() ? "the ledger is right" : "the ledger is WRONG");
    }

    private static Map<String, Double> figures(Verdict verdict) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(
                "records / (whole answers + unfinished with a record)",
                (double) verdict.records() / Math.max(1, verdict.whole() + verdict.unfinishedRecorded()));
        figures.put("missing / whole answers", (double) verdict.missing() / Math.max(1, verdict.whole()));
        figures.put("violations", (double) verdict.violations().size());
        return figures;
    }

    private String command(Platform platform) {
        return startCommand != null
                ? startCommand
                : "%s up --no-sample --home %s".formatted(options.root().resolve("wisp"), platform.home());
    }
}
