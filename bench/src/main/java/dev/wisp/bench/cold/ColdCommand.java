package dev.wisp.bench.cold;

import dev.wisp.bench.peer.BarePeer;
import dev.wisp.bench.peer.BubblewrapPeer;
import dev.wisp.bench.peer.OciPeer;
import dev.wisp.bench.peer.Peer;
import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.platform.BenchService;
import dev.wisp.bench.platform.Platform;
import dev.wisp.bench.platform.PlatformOptions;
import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.BenchException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wisp bench cold}. */
@Command(
        name = "cold",
        description = {
            "A service at zero is called: client to first byte, through the whole platform, again and again.",
            "In turn with that, crun, bubblewrap and the bare program start the same server."
        })
public final class ColdCommand implements Callable<Integer> {

    private static final int N_MAX = 100_000;

    @Mixin
    PlatformOptions options = new PlatformOptions();

    @Option(names = "--n", paramLabel = "N", defaultValue = "200", description = "Calls (default: ${DEFAULT-VALUE}).")
    int n;

    @Option(
            names = "--warm-up",
            paramLabel = "CALLS",
            defaultValue = "1000",
            description =
                    "Calls before the counted ones, for the JVM to compile what they need (default: ${DEFAULT-VALUE}); how fast"
                            + " the first of them were is printed too.")
    int warmUp;

    @Option(names = "--fresh", description = "Open a new connection for each call, which counts too.")
    boolean fresh;

    @Option(names = "--no-peers", description = "Only the platform.")
    boolean alone;

    @Override
    public Integer call() {
        if (n < 1 || n > N_MAX) {
            throw new BenchException("--n: %d, must be 1..%d".formatted(n, N_MAX));
        }
        if (warmUp < 0 || warmUp > N_MAX) {
            throw new BenchException("--warm-up: %d, must be 0..%d".formatted(warmUp, N_MAX));
        }
        try (Platform platform = options.platform();
                WorkFolder folder = WorkFolder.create();
                BenchService service = BenchService.deploy(
                        platform,
                        "cold",
                        options.sampleImage(),
                        Map.of("wisp.dev/keep-alive", "0s"),
                        Map.of("LOG", "off"))) {
            List<String> notes = new ArrayList<>();
            List<Peer> peers = alone ? List.of() : peers(folder.path(), notes);
            try {
                ColdRun run = new ColdRun(platform, service, peers, fresh);
                run.warmUp(warmUp);
                run.measure(n);
                options.publish(run.report(notes), System.out);
            } finally {
                peers.forEach(Peer::close);
            }
        }
        return 0;
    }

    private List<Peer> peers(Path folder, List<String> notes) {
        Path program = options.sampleProgram();
        if (!Programs.isRoot()) {
            notes.add("peers skipped: they need root");
            return List.of();
        }
        List<Peer> peers = new ArrayList<>();
        if (Programs.find("crun").isPresent()) {
            peers.add(OciPeer.open("crun", folder.resolve("crun"), program, options.root()));
        } else {
            notes.add("crun skipped: apt-get install crun");
        }
        if (Programs.find("bwrap").isPresent()) {
            peers.add(BubblewrapPeer.open(folder.resolve("bwrap"), program));
        } else {
            notes.add("bubblewrap skipped: apt-get install bubblewrap");
        }
        peers.add(new BarePeer(folder, program));
        return peers;
    }
}
