package dev.wisp.bench.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.bench.cluster.Cluster;
import dev.wisp.bench.cluster.Part;
import dev.wisp.bench.cluster.PrivateDisk;
import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.platform.BenchService;
import dev.wisp.bench.platform.Platform;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Broker, database, billing and data plane are processes of their own and are killed in turn, all of it while clients call; the disks of broker and
 * database are full once each. A supervisor starts again what ended.
 */
final class ApartRun {

    private static final List<Part> KILLED = List.of(Part.BROKER, Part.DATABASE, Part.BILLING, Part.DATA_PLANE);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration SUPERVISION = Duration.ofMillis(500);
    private static final Duration FULL = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final int clients;
    private final int kills;
    private final long seed;

    ApartRun(Cluster cluster, int clients, int kills, long seed) {
        this.cluster = cluster;
        this.clients = clients;
        this.kills = kills;
        this.seed = seed;
    }

    private record Blow(Part part, boolean fullDisk) {}

    /** Until that many answers came whole, and the last blow is over; the load, for what its clients saw. */
    Load run(BenchService service, URI gateway, Path logs, long wanted) throws InterruptedException {
        Load load = new Load(HttpConnection.address(gateway), service.host(), wanted);
        load.hold(true);
        load.start(clients, logs);
        try {
            List<Blow> blows = blows();
            for (int i = 0; i < blows.size(); i++) {
                await(load, wanted * (i + 1) / (blows.size() + 1));
                strike(blows.get(i), load);
            }
            load.hold(false);
            load.join();
            return load;
        } finally {
            load.stop();
        }
    }

    private List<Blow> blows() {
        List<Blow> blows = new ArrayList<>();
        for (Part part : KILLED) {
            blows.addAll(Collections.nCopies(kills, new Blow(part, false)));
        }
        blows.add(new Blow(Part.BROKER, true));
        blows.add(new Blow(Part.DATABASE, true));
        Collections.shuffle(blows, new Random(seed));
        return blows;
    }

    private void await(Load load, long whole) throws InterruptedException {
        long next = System.nanoTime() + SUPERVISION.toNanos();
        while (load.whole() < whole) {
            if (System.nanoTime() > next) {
                cluster.startEnded()
                        .forEach(part -> System.out.println("  ended by itself, started again: " + part.title()));
                next = System.nanoTime() + SUPERVISION.toNanos();
            }
            Thread.sleep(POLL);
        }
    }

    private void strike(Blow blow, Load load) throws InterruptedException {
        long whole = load.whole();
        if (blow.fullDisk()) {
            PrivateDisk disk = cluster.disk(blow.part());
            disk.fill();
            superviseFor(FULL);
            disk.free();
            say(whole, "disk of the %s full for %d s".formatted(blow.part().title(), FULL.toSeconds()));
            cluster.awaitReady();
        } else {
            Duration away = cluster.killAndStart(blow.part());
            say(
                    whole,
                    "kill -9 of the %s, ready after %.1f s"
                            .formatted(blow.part().title(), away.toMillis() / 1_000.0));
        }
    }

    private void superviseFor(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            cluster.startEnded()
                    .forEach(part -> System.out.println("  ended by itself, started again: " + part.title()));
            Thread.sleep(SUPERVISION);
        }
    }

    private static void say(long whole, String what) {
        System.out.printf(Locale.ROOT, "%8d whole answers: %s%n", whole, what);
    }

    /** Chain, records, sums and invoices as billing itself recomputes them. */
    static boolean isVerified(Platform billing) {
        JsonNode answer = Platform.successful("verifying the ledger", billing.get("/v1/billing/verification"));
        System.out.println("billing's own verification: " + answer);
        return answer.path("clean").asBoolean();
    }
}
