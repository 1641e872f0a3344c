package dev.wisp.bench.sandbox;

import dev.wisp.bench.peer.BubblewrapPeer;
import dev.wisp.bench.peer.OciPeer;
import dev.wisp.bench.peer.Peer;
import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Launch to first response. */
final class StartBench {

    private static final int WARM_UP_MAX = 8_000;
    private static final int TRACED = 100;
    private static final int BLOCK = 100;
    private static final SandboxHost.Size SIZE = new SandboxHost.Size(64, 4, 16);

    private final Path root;
    private final boolean alone;
    private final int warmUp;
    private final int traced;
    private final int block;

    StartBench(Path root, boolean alone) {
        this(root, alone, WARM_UP_MAX, TRACED, BLOCK);
    }

    StartBench(Path root, boolean alone, int warmUp, int traced, int block) {
        this.root = root;
        this.alone = alone;
        this.warmUp = warmUp;
        this.traced = traced;
        this.block = block;
    }

    /** The sample program, a server linked statically. */
    static Path program(Path root) {
        Path program = root.resolve("deploy/samples/target/hello/hello");
        if (!Programs.isRoot()) {
            throw new BenchException("sandboxes need root");
        }
        if (!Files.isExecutable(program)) {
            throw new BenchException(
                    "no program at %s: build it with mvn -pl deploy/samples package".formatted(program));
        }
        return program;
    }

    Report run(int n, PrintStream out) {
        Path program = program(root);
        List<String> notes = new ArrayList<>();
        try (WorkFolder folder = WorkFolder.create();
                SandboxHost host = SandboxHost.open(program, SIZE);
                BareStart bare = new BareStart(program)) {
            List<Peer> peers = new ArrayList<>(List.of(bare));
            try {
                if (!alone) {
                    peers.addAll(others(folder.path(), program, notes));
                }
                notes.addAll(method());
                SandboxPeer own = new SandboxPeer(host);
                Report report = new Alternating(own, peers).run("sandbox", n, warmUp, notes);
                out.println(new WholeHost(block)
                        .measure(
                                own, peers.stream().filter(peer -> peer != bare).toList()));
                StepTable.measure(host, traced).print(out);
                return report;
            } finally {
                peers.stream().filter(peer -> peer != bare).forEach(Peer::close);
            }
        }
    }

    private List<Peer> others(Path folder, Path program, List<String> notes) {
        List<Peer> peers = new ArrayList<>();
        for (String runtime : List.of("crun", "runc")) {
            if (Programs.find(runtime).isPresent()) {
                peers.add(OciPeer.open(runtime, folder.resolve(runtime), program, root));
            } else {
                notes.add("%1$s skipped: apt-get install %1$s".formatted(runtime));
            }
        }
        if (Programs.find("bwrap").isPresent()) {
            peers.add(BubblewrapPeer.open(folder.resolve("bwrap"), program));
        } else {
            notes.add("bubblewrap skipped: apt-get install bubblewrap");
        }
        return peers;
    }

    private static List<String> method() {
        return List.of(
                "wisp: call in this process until the first byte of the answer; destroyed and the pool full again before the next",
                "wisp cpu: this process and the sandbox, refill and teardown included; the kernel's own threads are nobody's",
                "peers: command given to a running shell until the first byte of the answer, in the container's own network",
                "peers cpu: everything the command started, the server included",
                "bare process, same clone: cloned and executed by the code that clones sandboxes, on the host's network");
    }
}
