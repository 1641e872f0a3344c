package dev.wisp.bench.cold;

import dev.wisp.bench.http.HttpAnswer;
import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.http.HttpConnection.NoAnswerException;
import dev.wisp.bench.peer.Peer;
import dev.wisp.bench.platform.BenchService;
import dev.wisp.bench.platform.Platform;
import dev.wisp.bench.process.ProcessCpu;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import dev.wisp.bench.statistic.ServerTiming;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Calls the service at zero and starts each peer, in turn. */
final class ColdRun {

    /** Of the warm-up, for the report: what somebody meets who calls first. */
    private static final int FIRST_CALLS = 200;

    private static final int WARM_UP_PEERS = 3;
    /** Time for the last instance to be gone, and for the work after the response to be seen in the processor time. */
    private static final long SETTLE_NANOS = 20_000_000;

    private final BenchService service;
    private final List<Peer> peers;
    private final boolean fresh;
    private final HttpConnection connection;
    private final byte[] request;
    private final long platformPid;

    private Samples wisp = new Samples();
    private Samples first = new Samples();
    private final Map<String, Samples> phases = new LinkedHashMap<>();
    private List<PeerSamples> peerSamples = List.of();
    private long cpuMicros;
    private long warmAnswers;

    private record PeerSamples(Peer peer, Samples samples, long cpuMicrosBefore) {

        Series series() {
            double cpuMicros = (double) (peer.cpuMicros() - cpuMicrosBefore) / samples.count();
            return samples.series(peer.name()).withCpuMicros(cpuMicros);
        }
    }

    ColdRun(Platform platform, BenchService service, List<Peer> peers, boolean fresh) {
        this.service = service;
        this.peers = peers;
        this.fresh = fresh;
        this.connection = new HttpConnection(HttpConnection.address(platform.gateway()));
        this.request = HttpConnection.get(service.host(), "/");
        this.platformPid = platform.pid();
    }

    /** Calls that are not counted, but the first of them are reported in a line of their own. */
    void warmUp(int calls) {
        for (int i = 0; i < calls; i++) {
            if (i == FIRST_CALLS) {
                first = wisp;
                begin();
            }
            call();
        }
        if (calls <= FIRST_CALLS) {
            first = wisp;
        }
    }

    /** The first starts of the peers are not counted. */
    void measure(int n) {
        for (int i = 0; i < WARM_UP_PEERS; i++) {
            peers.forEach(Peer::startMicros);
        }
        begin();
        while (wisp.count() < n) {
            call();
            if (warmAnswers > n) {
                throw new BenchException("%d of %d answers were warm: the service does not go back to zero"
                        .formatted(warmAnswers, warmAnswers + wisp.count()));
            }
            peerSamples.forEach(one -> one.samples().add(one.peer().startMicros()));
        }
        connection.close();
    }

    Report report(List<String> notes) {
        List<Series> series = new ArrayList<>();
        Series own = wisp.series("wisp, client to first byte").withCpuMicros((double) cpuMicros / wisp.count());
        series.add(own);
        phases.forEach((name, samples) -> series.add(samples.series("  " + name)));
        if (first.count() > 0) {
            series.add(first.series("wisp, first calls of the warm-up"));
        }
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (PeerSamples samples : peerSamples) {
            Series peer = samples.series();
            series.add(peer);
            ratios.put(peer.name() + " / wisp, p50", Median.ratio(peer.p50Micros(), own.p50Micros()));
            ratios.put(peer.name() + " / wisp, p99", Median.ratio(peer.p99Micros(), own.p99Micros()));
        }
        return new Report("cold", wisp.count(), series, ratios, withMethod(notes));
    }

    private List<String> withMethod(List<String> notes) {
        List<String> all = new ArrayList<>(notes);
        all.add(("wisp: request sent on a %s connection until the first byte of the answer; every counted answer says"
                        + " X-Cold-Start: true (%d that were warm are not counted)")
                .formatted(fresh ? "new" : "kept", warmAnswers));
        all.add("wisp cpu: the platform's whole process for 20 ms from each call on, without the container");
        all.add(
                "peers: command given to a running shell until the first byte of the first answer, in the container's own network");
        all.add("peers cpu: everything the command started, the server included");
        return all;
    }

    private void begin() {
        wisp = new Samples();
        phases.clear();
        cpuMicros = 0;
        warmAnswers = 0;
        peerSamples = peers.stream()
                .map(peer -> new PeerSamples(peer, new Samples(), peer.cpuMicros()))
                .toList();
    }

    private void call() {
        long cpuBefore = ProcessCpu.threadsMicros(platformPid);
        HttpAnswer answer = exchange();
        LockSupport.parkNanos(SETTLE_NANOS);
        if (answer.status() != 200) {
            throw new BenchException("%s answered %d %s".formatted(service.name(), answer.status(), answer.headers()));
        }
        if (!answer.header("x-cold-start").equals("true")) {
            warmAnswers++;
            return;
        }
        cpuMicros += Math.max(0, ProcessCpu.threadsMicros(platformPid) - cpuBefore);
        wisp.add(answer.firstByteMicros());
        ServerTiming.parse(answer.header("server-timing"))
                .forEach((name, micros) ->
                        phases.computeIfAbsent(name, added -> new Samples()).add(micros));
    }

    private HttpAnswer exchange() {
        if (fresh) {
            connection.close();
        }
        try {
            return connection.exchange(request);
        } catch (NoAnswerException e) {
            throw new BenchException("no answer from the gateway: " + e.getMessage(), e);
        }
    }
}
